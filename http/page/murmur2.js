// The hash that Kafka's clients place keys by: org.apache.kafka.common.utils.Utils.murmur2.

const seed = 0x9747b28c;
const factor = 0x5bd1e995;

/** A key's bytes, as Kafka sees them. */
export const bytes_of = (text) => new TextEncoder().encode(text);

/**
 * Works the hash out: the value after the seed, after each four bytes, after the rest, at the end.
 * Values are signed 32-bit integers, as Java shows them.
 */
export function murmur2_steps(bytes) {
  let h = seed ^ bytes.length;
  const steps = [{ what: 'start', bytes: [], value: h }];
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    k = Math.imul(k, factor);
    k ^= k >>> 24;
    h = Math.imul(h, factor) ^ Math.imul(k, factor);
    steps.push({ what: 'four', bytes: [...bytes.subarray(i, i + 4)], value: h });
  }
  const rest = bytes.subarray(whole);
  if (rest.length > 0) {
    for (let i = rest.length - 1; i >= 0; i -= 1)
      h ^= rest[i] << (8 * i);
    h = Math.imul(h, factor);
    steps.push({ what: 'rest', bytes: [...rest], value: h });
  }
  h ^= h >>> 13;
  h = Math.imul(h, factor);
  h ^= h >>> 15;
  steps.push({ what: 'end', bytes: [], value: h });
  return steps;
}

export const murmur2 = (bytes) => murmur2_steps(bytes).at(-1).value;

/** Kafka drops the sign bit, then takes the remainder. */
export const positive = (hash) => hash & 0x7fffffff;

export const partition_of = (key, partitions) => positive(murmur2(bytes_of(key))) % partitions;

/** A signed 32-bit integer as eight hexadecimal digits. */
export const hex = (value, digits = 8) => (value >>> 0).toString(16).padStart(digits, '0');
