package io.fluxcore.benchmarks.peer;

/** The hash of a row of any columns, one after the other. */
public final class RowHash {
  /** In place of a null. */
  public static final long NULL = 0x5bd1e9955bd1e995L;

  /**
   * Whether texts are part of a row's hash ({@code -Dtexts=true}). They are not where speed is
   * measured: engines hold texts in several forms, of which the sink of a benchmark would ask for
   * one.
   */
  public static final boolean READS_TEXTS = Boolean.getBoolean("texts");

  private RowHash() {}

  /** The hash with another value behind those before. */
  public static long with(long hash, long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }
}
