package io.fluxcore.adapters.in.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output for rows of JSON lines and the summary after them. As one document it puts commas
 * between the lines it is given and brackets around them. Thread-safe as far as writes of whole
 * lines are.
 */
final class RowStream extends OutputStream {
  private final OutputStream out;
  private OutputFormat format;
  private boolean started;
  private boolean atLineStart = true;

  RowStream(OutputStream out, OutputFormat format) {
    this.out = out;
    this.format = format;
  }

  /** How what follows is written; between documents. */
  synchronized void format(OutputFormat next) {
    format = next;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (format != OutputFormat.JSON) {
      out.write(bytes, offset, length);
      return;
    }
    int end = offset + length;
    int from = offset;
    for (int i = offset; i < end; i++) {
      if (atLineStart) {
        out.write(bytes, from, i - from);
        from = i;
        separate();
        atLineStart = false;
      }
      if (bytes[i] == '\n') {
        out.write(bytes, from, i - from);
        from = i + 1;
        atLineStart = true;
      }
    }
    out.write(bytes, from, end - from);
  }

  private void separate() throws IOException {
    out.write(ascii(started ? ",\n" : "{\"rows\":[\n"));
    started = true;
  }

  /** Writes the summary, an object, and ends the document. */
  synchronized void finish(String summary) throws IOException {
    if (format == OutputFormat.NDJSON) {
      out.write(("{\"summary\":" + summary + "}\n").getBytes(StandardCharsets.UTF_8));
    } else if (format == OutputFormat.JSON) {
      out.write(ascii(started ? "\n],\n" : "{\"rows\":[],\n"));
      out.write(("\"summary\":" + summary + "}\n").getBytes(StandardCharsets.UTF_8));
    }
    started = false; // what comes next is another document
    out.flush();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
