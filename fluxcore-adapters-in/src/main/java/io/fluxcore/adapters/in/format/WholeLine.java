package io.fluxcore.adapters.in.format;

import java.util.List;

/** The line is the field. */
enum WholeLine implements LinePattern {
  INSTANCE;

  @Override
  public List<String> names() {
    return List.of(TextFormat.LINE);
  }

  @Override
  public void split(byte[] line, int from, int to, FieldSpans spans) {
    spans.set(0, line, from, to);
  }
}
