package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.parts.OpenPart;
import io.fluxcore.adapters.out.s3.S3Calls.Running;
import io.fluxcore.application.connector.Sink.CommitHandle;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A part on its way as an upload in pieces, of which one is being sent while the next one is
 * filled. Bytes are kept until the store has said that it has them: what failed is sent again by
 * the next call. Nobody sees the object before the upload is completed. Used by one thread.
 */
final class S3Upload implements OpenPart {
  private static final System.Logger LOG = System.getLogger(S3Upload.class.getName());

  /** The least that the store takes as a piece that is not the last one. */
  static final int PIECE = 5 << 20;

  /** Pieces become twice as large after this many, since an object has 10,000 at most. */
  private static final int PIECES_OF_A_SIZE = 2000;

  private static final int FIRST = 64 << 10;

  private final S3Bucket bucket;
  private final String bucketName;
  private final String key;
  private final List<CompletedPart> sent = new ArrayList<>();
  private final Filled filled = new Filled();

  private @Nullable String upload;
  private @Nullable Piece sending;
  private boolean over;

  /** A piece that the store does not have for certain. */
  private static final class Piece {
    private final int number;
    private final Body body;
    private @Nullable Running<CompletedPart> running;

    Piece(int number, Body body) {
      this.number = number;
      this.body = body;
    }
  }

  /** What has not been sent. */
  private static final class Filled extends OutputStream {
    private byte[] bytes = new byte[FIRST];
    private int size;

    @Override
    public void write(int b) {
      reserve(1);
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      reserve(length);
      System.arraycopy(from, offset, bytes, size, length);
      size += length;
    }

    private void reserve(int more) {
      int needed = Math.addExact(size, more);
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, 1 << 30)));
      }
    }

    private Body take() {
      Body body = Body.of(bytes, size);
      bytes = new byte[FIRST];
      size = 0;
      return body;
    }
  }

  S3Upload(S3Bucket bucket, String bucketName, String key) {
    this.bucket = bucket;
    this.bucketName = bucketName;
    this.key = key;
  }

  @Override
  public OutputStream out() {
    return filled;
  }

  @Override
  public void makeRoom() throws IOException {
    int pieces = sent.size() + (sending == null ? 0 : 1);
    if (filled.size >= PIECE << (pieces / PIECES_OF_A_SIZE)) {
      next();
    }
  }

  /** Sends what is filled, when the piece before it is there. */
  private void next() throws IOException {
    awaitPiece();
    Piece piece = new Piece(sent.size() + 1, filled.take());
    sending = piece;
    start(piece);
  }

  private void start(Piece piece) throws IOException {
    String id = upload;
    if (id == null) {
      id = bucket.beginUpload(key);
      upload = id;
    }
    piece.running = bucket.startPart(key, id, piece.number, piece.body);
  }

  private void awaitPiece() throws IOException {
    Piece piece = sending;
    if (piece == null) {
      return;
    }
    if (piece.running == null) {
      start(piece);
    }
    Running<CompletedPart> running = piece.running;
    piece.running = null;
    if (running != null) {
      sent.add(running.await());
      sending = null;
    }
  }

  @Override
  public void finish() throws IOException {
    if (filled.size > 0) {
      next();
    }
    awaitPiece();
  }

  @Override
  public CommitHandle prepare(long checkpointId, boolean isOnly) {
    over = true;
    return new PendingUpload(
            bucketName,
            key,
            upload == null ? "" : upload,
            sent.stream().map(CompletedPart::eTag).toList())
        .handle();
  }

  /** Where the store does not answer the upload stays, and goes with the job's next start. */
  @Override
  public void discard() {
    if (over) {
      return;
    }
    over = true;
    Piece piece = sending;
    if (piece != null && piece.running != null) {
      piece.running.abort();
    }
    String id = upload;
    if (id != null) {
      try {
        bucket.abortUpload(key, id);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "an upload to {0} is left: {1}", bucket.uri(key), e.getMessage());
      }
    }
  }
}
