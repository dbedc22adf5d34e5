"""What the librdkafka can do that the programs find."""

import ctypes


def _library():
    return ctypes.CDLL("librdkafka.so.1")


def version():
    """Such as (2, 0, 2)."""
    number = _library().rd_kafka_version()
    return number >> 24, number >> 16 & 0xFF, number >> 8 & 0xFF


def features():
    """What it was built with: `builtin.features` of its CONFIGURATION.md."""
    library, text, size = _library(), ctypes.create_string_buffer(1024), ctypes.c_size_t(1024)
    library.rd_kafka_conf_new.restype = ctypes.c_void_p
    conf = ctypes.c_void_p(library.rd_kafka_conf_new())
    library.rd_kafka_conf_get(conf, b"builtin.features", text, ctypes.byref(size))
    library.rd_kafka_conf_destroy(conf)
    return text.value.decode().split(",")
