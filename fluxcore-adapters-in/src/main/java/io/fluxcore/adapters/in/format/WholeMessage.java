package io.fluxcore.adapters.in.format;

/** A message is a record; there is no end to find in a stream of bytes. */
enum WholeMessage implements RecordFramer {
  INSTANCE;

  @Override
  public int end(byte[] bytes, int from, int to) {
    return NONE;
  }

  @Override
  public boolean isBlank(byte[] bytes, int from, int to) {
    return false;
  }
}
