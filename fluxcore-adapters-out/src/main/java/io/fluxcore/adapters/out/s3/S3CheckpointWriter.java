package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.s3.S3Calls.Running;
import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointNames;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.domain.state.Payload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Writes a checkpoint to the bucket. */
final class S3CheckpointWriter implements CheckpointWriter {
  /** Files up to this size are sent at once, larger ones in pieces of it or more. */
  static final long PIECE = 16L << 20;

  private static final int MOST_PIECES = 9000;
  private static final int SENT_AT_A_TIME = 2;

  private final S3CheckpointStore store;
  private final S3Bucket bucket;
  private final CheckpointLocation location;
  private final SharedFiles files;

  /** Names of parts, and those parts that are not written to their ends. Guarded by this. */
  private final Set<String> parts = new HashSet<>();

  private final Map<String, S3Part> unfinished = new HashMap<>();

  /** Shared files that it has written. Guarded by this. */
  private final Set<String> written = new HashSet<>();

  /** Uploads under way: id → key. Guarded by this. */
  private final Map<String, String> uploads = new HashMap<>();

  private boolean over;

  S3CheckpointWriter(
      S3CheckpointStore store, S3Bucket bucket, CheckpointLocation location, SharedFiles files) {
    this.store = store;
    this.bucket = bucket;
    this.location = location;
    this.files = files;
  }

  CheckpointLocation location() {
    return location;
  }

  @Override
  public OutputStream part(String name) throws IOException {
    CheckpointNames.requirePart(name);
    String key = S3CheckpointStore.key(location) + name;
    synchronized (this) {
      if (over) {
        throw new IOException("given up: " + bucket.uri(key));
      }
      if (!parts.add(name)) {
        throw new IOException("there is a part " + bucket.uri(key) + " already");
      }
      S3Part part = new S3Part(this, bucket, name, key);
      unfinished.put(name, part);
      return part;
    }
  }

  /** A part is there as a whole. */
  synchronized void written(String part) {
    unfinished.remove(part);
  }

  String beginUpload(String key) throws IOException {
    String id = bucket.beginUpload(key);
    synchronized (this) {
      uploads.put(id, key);
    }
    return id;
  }

  synchronized void endUpload(String id) {
    uploads.remove(id);
  }

  @Override
  public void share(String name, Payload content) throws IOException {
    CheckpointNames.requireShared(name);
    files.share(this, name);
    synchronized (this) {
      written.add(name);
    }
    String key = S3CheckpointStore.sharedKey(location.job(), name);
    long size = content.size();
    if (size <= PIECE) {
      bucket.put(key, content);
    } else {
      sendInPieces(key, content, size);
    }
  }

  /** Nothing of it is kept in memory: pieces are read from the content as they are sent. */
  private void sendInPieces(String key, Payload content, long size) throws IOException {
    long piece = Math.max(PIECE, (size + MOST_PIECES - 1) / MOST_PIECES);
    String id = beginUpload(key);
    List<CompletedPart> sent = new ArrayList<>();
    Deque<Running<CompletedPart>> sending = new ArrayDeque<>();
    Deque<Body> bodies = new ArrayDeque<>();
    try {
      int number = 0;
      for (long offset = 0; offset < size; offset += piece) {
        if (sending.size() == SENT_AT_A_TIME) {
          sent.add(next(sending, bodies));
        }
        Body body = Body.of(content, offset, Math.min(piece, size - offset));
        bodies.add(body);
        sending.add(bucket.startPart(key, id, ++number, body));
      }
      while (!sending.isEmpty()) {
        sent.add(next(sending, bodies));
      }
    } finally {
      sending.forEach(Running::abort);
    }
    bucket.completeUpload(key, id, sent);
    endUpload(id);
  }

  private static CompletedPart next(Deque<Running<CompletedPart>> sending, Deque<Body> bodies)
      throws IOException {
    Body body = bodies.remove();
    try {
      return sending.remove().await();
    } catch (IOException e) {
      throw body.orElse(e);
    }
  }

  @Override
  public void reuse(String name) throws IOException {
    CheckpointNames.requireShared(name);
    if (!files.reuse(this, name)) {
      throw new FileNotFoundException(
          "there is no shared file "
              + bucket.uri(S3CheckpointStore.sharedKey(location.job(), name)));
    }
  }

  @Override
  public void complete(byte[] manifest) throws IOException {
    requireWhole();
    String directory = S3CheckpointStore.key(location);
    Set<String> shared = new TreeSet<>(files.references(this));
    if (!shared.isEmpty()) {
      String list = String.join("\n", shared) + "\n";
      bucket.put(directory + S3CheckpointStore.SHARED, list.getBytes(StandardCharsets.UTF_8));
    }
    String swept = "checkpoint " + location + " was swept away";
    if (!files.isWriting(this)) {
      throw new IOException(swept);
    }
    bucket.put(directory + S3CheckpointStore.MANIFEST, manifest);
    if (!files.completed(this)) { // at the same moment
      bucket.delete(List.of(directory + S3CheckpointStore.MANIFEST));
      throw new IOException(swept);
    }
    synchronized (this) {
      over = true;
    }
  }

  private synchronized void requireWhole() throws IOException {
    if (!unfinished.isEmpty()) {
      throw new IOException(
          "parts " + unfinished.keySet() + " of " + location + " were not written to their ends");
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      unfinished.values().forEach(S3Part::giveUp);
    }
    boolean own = files.ended(this);
    try {
      clear(own);
    } catch (IOException e) {
      System.getLogger(S3CheckpointWriter.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "an unfinished checkpoint stays at {0} for now: {1}",
              bucket.uri(S3CheckpointStore.key(location)),
              e.getMessage());
      if (own) {
        files.leave(this);
      }
    }
  }

  /**
   * Takes away what was written.
   *
   * @param own whether nobody else has taken it away already, but for uploads
   */
  void clear(boolean own) throws IOException {
    Map<String, String> begun;
    Set<String> fresh;
    synchronized (this) {
      begun = Map.copyOf(uploads);
      fresh = Set.copyOf(written);
    }
    for (Map.Entry<String, String> upload : begun.entrySet()) {
      bucket.abortUpload(upload.getValue(), upload.getKey());
      endUpload(upload.getKey());
    }
    if (own) {
      store.deleteAll(S3CheckpointStore.key(location));
      store.release(location.job(), fresh);
    }
  }
}
