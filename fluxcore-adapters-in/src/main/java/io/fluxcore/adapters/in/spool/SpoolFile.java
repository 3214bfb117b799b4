package io.fluxcore.adapters.in.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** The file that is appended to. */
interface SpoolFile extends AutoCloseable {
  /** Appends. Some of the bytes may be there after a failure. */
  void write(byte[] bytes, int length) throws IOException;

  /** Returns when all that was written is on the disk. */
  void sync() throws IOException;

  /** Cuts the file off and appends there. */
  void truncate(long length) throws IOException;

  @Override
  void close() throws IOException;

  /** Opens a file for appending at its end. */
  @FunctionalInterface
  interface Opener {
    SpoolFile open(Path path) throws IOException;
  }

  /**
   * A file of the operating system. Not a channel: that would be closed for everybody when one
   * publisher's thread is interrupted.
   */
  static SpoolFile of(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      file.seek(file.length());
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new SpoolFile() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        file.write(bytes, 0, length);
      }

      @Override
      public void sync() throws IOException {
        file.getFD().sync();
      }

      @Override
      public void truncate(long length) throws IOException {
        file.setLength(length);
        file.seek(length);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
