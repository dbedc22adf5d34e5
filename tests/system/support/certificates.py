"""Certificates as production has them, and those that must be turned away."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


def _name(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(key):
    """PKCS #8, which Java, librdkafka and libpq all read."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Identity:
    """A certificate and its key: each in a file, and both in one."""

    def __init__(self, folder, name, certificate, key):
        chain, secret = certificate.public_bytes(serialization.Encoding.PEM), _pem(key)
        self.certificate, self.key, self.both = (folder / f"{name}.{kind}.pem" for kind in ("crt", "key", "both"))
        self.certificate.write_bytes(chain)
        self.key.write_bytes(secret)
        self.key.chmod(0o600)
        self.both.write_bytes(secret + chain)

    def secrets(self):
        """What must never show: the lines of the key."""
        return [line for line in self.key.read_text().splitlines() if not line.startswith("-----")]


class Authority:
    """A CA with a file of its own, `certificate`."""

    def __init__(self, folder, name):
        self._folder = folder / name
        self._folder.mkdir()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        own = self._builder(self._name, self._key.public_key(), DAY).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.certificate = self._folder / "ca.pem"
        self.certificate.write_bytes(
            own.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )

    def server(self, name="server", host="localhost", valid_for=DAY):
        """For the host name `host`, and for 127.0.0.1 when that is localhost."""
        names = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        return self._issue(name, _name(name), valid_for, x509.SubjectAlternativeName(names))

    def client(self, common_name, valid_for=DAY, file_name=None):
        return self._issue(file_name or common_name, _name(common_name), valid_for)

    def _issue(self, file_name, subject, valid_for, *extensions):
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(subject, key.public_key(), valid_for)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return Identity(self._folder, file_name, builder.sign(self._key, hashes.SHA256()), key)

    def _builder(self, subject, public_key, valid_for):
        """Began two days ago; one that is valid for less than nothing has expired."""
        now = datetime.datetime.now(datetime.timezone.utc)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 2 * DAY)
            .not_valid_after(now + valid_for)
        )
