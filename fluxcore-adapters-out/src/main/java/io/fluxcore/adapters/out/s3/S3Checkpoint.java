package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.state.Payload;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A complete checkpoint in the bucket. */
final class S3Checkpoint implements StoredCheckpoint {
  /** Pieces up to this size are read with what follows them, which is asked for next. */
  private static final int SMALL = 16 << 10;

  private static final int BLOCK = 64 << 10;

  private final S3CheckpointStore store;
  private final S3Bucket bucket;
  private final CheckpointLocation location;
  private final Map<String, Long> objects;
  private final Set<String> references;
  private volatile @Nullable Map<String, Long> sharedSizes;

  /** What was read last of each part. */
  private final Map<String, Block> blocks = new ConcurrentHashMap<>();

  /** Bytes of a part. */
  private record Block(long offset, byte[] bytes) {
    boolean holds(long from, long length) {
      return from >= offset && from + length <= offset + bytes.length;
    }
  }

  S3Checkpoint(
      S3CheckpointStore store,
      S3Bucket bucket,
      CheckpointLocation location,
      Map<String, Long> objects,
      Set<String> references) {
    this.store = store;
    this.bucket = bucket;
    this.location = location;
    this.objects = Map.copyOf(objects);
    this.references = references;
  }

  @Override
  public CheckpointLocation location() {
    return location;
  }

  private String key(String name) {
    return S3CheckpointStore.key(location) + name;
  }

  @Override
  public byte[] manifest(int limit) throws IOException {
    return bucket.get(key(S3CheckpointStore.MANIFEST), limit);
  }

  @Override
  public List<String> parts() {
    return objects.keySet().stream().filter(S3Checkpoint::isPart).sorted().toList();
  }

  private static boolean isPart(String name) {
    return !name.startsWith(".")
        && name.indexOf('/') < 0
        && !name.equals(S3CheckpointStore.MANIFEST)
        && !name.equals(S3CheckpointStore.SHARED);
  }

  private long size(String name) throws FileNotFoundException {
    Long size = isPart(name) ? objects.get(name) : null;
    if (size == null) {
      throw new FileNotFoundException("there is no part '" + name + "' at " + bucket.uri(key("")));
    }
    return size;
  }

  @Override
  public Payload part(String name) throws IOException {
    return new Whole(key(name), size(name));
  }

  @Override
  public Payload part(String name, long offset, long length) {
    return new Piece(name, offset, length);
  }

  @Override
  public Payload shared(String name) throws IOException {
    String key = S3CheckpointStore.sharedKey(location.job(), name);
    if (!references.contains(name)) {
      throw new FileNotFoundException(
          bucket.uri(key("")) + " does not refer to a shared file '" + name + "'");
    }
    Map<String, Long> sizes = sharedSizes;
    if (sizes == null) {
      sizes = store.sharedFiles(location.job());
      sizes.keySet().retainAll(references);
      sharedSizes = sizes;
    }
    Long size = sizes.get(name);
    if (size == null) {
      throw new FileNotFoundException("there is no shared file " + bucket.uri(key));
    }
    return new Whole(key, size);
  }

  /** All of an object. */
  private final class Whole implements Payload {
    private final String key;
    private final long size;

    Whole(String key, long size) {
      this.key = key;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() {
      return new ObjectStream(bucket, key, 0, size);
    }
  }

  /** Bytes of a part. */
  private final class Piece implements Payload {
    private final String name;
    private final long offset;
    private final long length;

    Piece(String name, long offset, long length) {
      this.name = name;
      this.offset = offset;
      this.length = length;
    }

    @Override
    public long size() {
      return length;
    }

    @Override
    public InputStream open() throws IOException {
      long whole = S3Checkpoint.this.size(name);
      if (offset < 0 || length < 0 || offset > whole - length) {
        throw new EOFException(bucket.uri(key(name)) + " is cut off");
      }
      if (length > SMALL) {
        return new ObjectStream(bucket, key(name), offset, length);
      }
      Block block = blocks.get(name);
      if (block == null || !block.holds(offset, length)) {
        block = read((int) Math.min(BLOCK, whole - offset));
        blocks.put(name, block);
      }
      return new ByteArrayInputStream(block.bytes(), (int) (offset - block.offset()), (int) length);
    }

    private Block read(int bytes) throws IOException {
      try (InputStream in = new ObjectStream(bucket, key(name), offset, bytes)) {
        return new Block(offset, in.readNBytes(bytes));
      }
    }
  }
}
