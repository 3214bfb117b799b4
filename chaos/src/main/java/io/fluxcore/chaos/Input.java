package io.fluxcore.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Input of the job: rows in files, each key in one of them, a little out of order. Keys come in
 * turns, so that each has times of silence.
 */
final class Input {
  /** Bound of how late a row is behind one before it. */
  static final long DISORDER_MILLIS = 2_000;

  private static final long BEGINNING = 1_700_000_000_000L;
  private static final long MILLIS_APART = 10;
  private static final int FILES = 4;
  private static final int KEYS = 200;
  private static final int KEYS_AT_A_TIME = 20;
  private static final int ROWS_OF_A_TURN = 500;
  private static final int KEYS_OF_A_TURN = 7;
  private static final int AMOUNTS = 1_000;

  private Input() {}

  static void write(Path folder, long rows, SplittableRandom random) throws IOException {
    Files.createDirectories(folder);
    List<BufferedWriter> files = new ArrayList<>();
    try {
      for (int i = 0; i < FILES; i++) {
        files.add(Files.newBufferedWriter(folder.resolve("part-" + i + ".json")));
      }
      for (long i = 0; i < rows; i++) {
        long turn = i / ROWS_OF_A_TURN;
        int key = (int) ((turn * KEYS_OF_A_TURN + random.nextInt(KEYS_AT_A_TIME)) % KEYS);
        long at = BEGINNING + i * MILLIS_APART - random.nextLong(DISORDER_MILLIS);
        files
            .get(key % FILES)
            .write(
                "{\"id\":"
                    + i
                    + ",\"key\":"
                    + key
                    + ",\"at\":"
                    + at
                    + ",\"amount\":"
                    + random.nextInt(1, AMOUNTS)
                    + "}\n");
      }
    } finally {
      for (BufferedWriter file : files) {
        file.close();
      }
    }
  }
}
