package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.s3.S3Calls.Running;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A part of a checkpoint, sent as it is written: as one object if it is small, otherwise in pieces,
 * of which one is sent while the next is filled. So there are two pieces in memory at most. There
 * when it was closed; what failed once stays as it is. Used by one thread.
 */
final class S3Part extends OutputStream {
  /** What the store takes as a piece, with some room: all but the last have 5 MiB at least. */
  static final int PIECE = 8 << 20;

  /** Pieces become twice as large after this many, since an object has 10,000 at most. */
  private static final int PIECES_OF_A_SIZE = 2000;

  private static final int FIRST = 64 << 10;

  private final S3CheckpointWriter writer;
  private final S3Bucket bucket;
  private final String name;
  private final String key;
  private final List<CompletedPart> sent = new ArrayList<>();

  private byte[] buffer = new byte[FIRST];
  private int size;

  /** What is being sent, and the array that it is in. */
  private @Nullable Running<CompletedPart> sending;

  private byte[] other = new byte[0];
  private @Nullable String upload;
  private int pieces;
  private boolean over;
  private boolean broken;

  S3Part(S3CheckpointWriter writer, S3Bucket bucket, String name, String key) {
    this.writer = writer;
    this.bucket = bucket;
    this.name = name;
    this.key = key;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int off, int len) throws IOException {
    if (over || broken) {
      throw new IOException(bucket.uri(key) + " is closed");
    }
    int from = off;
    int left = len;
    while (left > 0) {
      if (size == pieceSize()) {
        attempt(this::sendPiece);
      }
      int room = room(left);
      System.arraycopy(bytes, from, buffer, size, room);
      size += room;
      from += room;
      left -= room;
    }
  }

  private int pieceSize() {
    return PIECE << (pieces / PIECES_OF_A_SIZE);
  }

  /** How many of these bytes fit, after the buffer was made larger if need be. */
  private int room(int wanted) {
    int limit = pieceSize();
    if (size + wanted > buffer.length && buffer.length < limit) {
      long larger = Math.max(2L * buffer.length, (long) size + wanted);
      buffer = Arrays.copyOf(buffer, (int) Math.min(limit, larger));
    }
    return Math.min(wanted, Math.min(buffer.length, limit) - size);
  }

  /** What may fail, after which nothing more is tried. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Step step) throws IOException {
    broken = true;
    step.run();
    broken = false;
  }

  /** Sends the buffer, and goes on with another one. */
  private void sendPiece() throws IOException {
    String id = upload;
    if (id == null) {
      id = writer.beginUpload(key);
      upload = id;
    }
    awaitPiece();
    byte[] full = buffer;
    pieces++;
    sending = bucket.startPart(key, id, pieces, Body.of(full, size));
    buffer = other.length == pieceSize() ? other : new byte[pieceSize()];
    other = full;
    size = 0;
  }

  private void awaitPiece() throws IOException {
    Running<CompletedPart> running = sending;
    sending = null;
    if (running != null) {
      sent.add(running.await());
    }
  }

  @Override
  public void close() throws IOException {
    if (over) {
      return;
    }
    over = true;
    if (broken) {
      giveUp();
      return;
    }
    attempt(this::finish);
    buffer = new byte[0];
    other = buffer;
    writer.written(name);
  }

  /** Sends nothing more; the writer gives the upload up. After the thread that has used it. */
  void giveUp() {
    over = true;
    Running<CompletedPart> running = sending;
    sending = null;
    if (running != null) {
      running.abort();
    }
  }

  private void finish() throws IOException {
    String id = upload;
    if (id == null) {
      bucket.put(key, Body.of(buffer, size));
      return;
    }
    if (size > 0) {
      sendPiece();
    }
    awaitPiece();
    bucket.completeUpload(key, id, sent);
    writer.endUpload(id);
  }
}
