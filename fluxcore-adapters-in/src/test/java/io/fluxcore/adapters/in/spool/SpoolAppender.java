package io.fluxcore.adapters.in.spool;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that appends to a spool from several threads until it is killed, and says what was
 * acknowledged: lines of a thread's number and its last record's.
 */
final class SpoolAppender {
  private SpoolAppender() {}

  public static void main(String[] args) {
    Spool spool = Spool.open(Path.of(args[0]), 1L << 30, 64 * 1024);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    for (int t = 0; t < Integer.parseInt(args[1]); t++) {
      int thread = t;
      new Thread(() -> append(spool, thread, out)).start();
    }
  }

  private static void append(Spool spool, int thread, PrintStream out) {
    long next = 0;
    while (true) {
      List<byte[]> records = new ArrayList<>();
      for (int i = 0; i < 1 + next % 7; i++) {
        records.add((thread + " " + next++).getBytes(StandardCharsets.US_ASCII));
      }
      spool.append(records);
      out.println(thread + " " + (next - 1));
    }
  }
}
