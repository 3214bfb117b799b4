package io.fluxcore.adapters.in.generator;

/**
 * Random numbers by position instead of by turn: a salted counter through the finalizer of
 * SplitMix64 (Steele, Lea, Flood 2014), so that the n-th number needs none before it.
 */
record Mixer(long salt) {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  /** Numbers of one purpose, independent of those of other purposes. */
  static Mixer of(long seed, String purpose) {
    long hash = 0;
    for (int i = 0; i < purpose.length(); i++) {
      hash = mix(hash * 31 + purpose.charAt(i) + GAMMA);
    }
    return new Mixer(mix(seed + GAMMA) ^ hash);
  }

  /** 64 random bits. */
  long bits(long index) {
    return mix(salt + index * GAMMA);
  }

  /** From 0, inclusive, to 1, exclusive. */
  double fraction(long index) {
    return (bits(index) >>> 11) * 0x1.0p-53;
  }

  /** From 0, inclusive, to {@code bound}, exclusive; 0 stands for 2^64. */
  static long below(long bits, long bound) {
    if (bound > 0 && bound < 1L << 62) {
      return Math.multiplyHigh(bits >>> 1, bound << 1);
    }
    return bound == 0 ? bits : Long.remainderUnsigned(bits, bound);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
