package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.CheckpointWriter;
import io.fluxcore.application.checkpoint.StoredCheckpoint;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Checkpoints in a bucket of Amazon S3 or of a store that speaks its protocol, under the keys that
 * they have as files in a directory:
 *
 * <pre>
 *   job_…/chk-12-1/00000.part …   parts of a checkpoint
 *   job_…/chk-12-1/SHARED         names of the shared files that it refers to, a line each
 *   job_…/chk-12-1/MANIFEST       written last: without it the checkpoint is not there
 *   job_…/.shared/…               files that several checkpoints of the job refer to
 *   place                         tells this store from others
 * </pre>
 *
 * An object is there as a whole or not at all, and is durable when the store has taken it; nothing
 * is written to the local disk. What cannot be cleared away when a checkpoint fails, since the
 * store does not answer, goes when the next one begins, or when a server takes the job on.
 * Thread-safe.
 */
public final class S3CheckpointStore implements CheckpointStore, AutoCloseable {
  /** The libraries that an application adds. */
  public static final String DEPENDENCIES =
      "software.amazon.awssdk:s3 and software.amazon.awssdk:url-connection-client";

  static final String MANIFEST = "MANIFEST";
  static final String SHARED = "SHARED";
  private static final String SHARED_FILES = ".shared/";

  /** After all keys of shared files, and before those of checkpoints. */
  private static final String AFTER_SHARED_FILES = ".shared0";

  private static final String PLACE = "place";
  private static final int PLACE_LIMIT = 1000;
  private static final int SHARED_LIMIT = 64 << 20;

  /** An upload of somebody else that lasts longer than this has died. */
  private static final Duration LONGEST_UPLOAD = Duration.ofDays(1);

  private final S3Bucket bucket;
  private final InstantSource time;
  private final String identity;
  private final Map<JobId, SharedFiles> jobs = new ConcurrentHashMap<>();

  private S3CheckpointStore(S3Bucket bucket, InstantSource time, String identity) {
    this.bucket = bucket;
    this.time = time;
    this.identity = identity;
  }

  /**
   * Looks whether the bucket can be used: lists it, and writes an object that tells it from others
   * where there is none.
   *
   * @param time tells how old forgotten uploads are
   * @throws FluxCoreException {@code FLX-S3-…} if it cannot, with what would help
   */
  public static S3CheckpointStore open(S3Settings settings, InstantSource time) {
    S3Bucket bucket = S3Bucket.of(settings);
    try {
      bucket.probe();
      String identity = bucket.description() + " (" + place(bucket) + ")";
      return new S3CheckpointStore(bucket, time, identity);
    } catch (S3Failure e) {
      bucket.close();
      throw e.toException();
    } catch (IOException e) {
      bucket.close();
      throw S3Errors.unusable(settings.description(), e).toException();
    }
  }

  private static String place(S3Bucket bucket) throws IOException {
    try {
      return read(bucket);
    } catch (FileNotFoundException e) {
      String fresh = UUID.randomUUID().toString();
      bucket.putIfAbsent(PLACE, fresh.getBytes(StandardCharsets.UTF_8));
      return read(bucket); // of whoever was the first
    }
  }

  private static String read(S3Bucket bucket) throws IOException {
    return new String(bucket.get(PLACE, PLACE_LIMIT), StandardCharsets.UTF_8).strip();
  }

  @Override
  public String description() {
    return bucket.description();
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  /** What the keys of a checkpoint begin with. */
  static String key(CheckpointLocation location) {
    return key(location.job()) + location.name() + "/";
  }

  private static String key(JobId job) {
    return job.value() + "/";
  }

  static String sharedKey(JobId job, String name) {
    return key(job) + SHARED_FILES + name;
  }

  private SharedFiles files(JobId job) {
    return jobs.computeIfAbsent(job, j -> new SharedFiles(() -> sharedFiles(j).keySet()));
  }

  /** Names of the shared files of a job, with their sizes. */
  Map<String, Long> sharedFiles(JobId job) throws IOException {
    return below(sharedKey(job, ""));
  }

  /** Rests of keys that begin so, with the sizes of the objects. */
  private Map<String, Long> below(String prefix) throws IOException {
    Map<String, Long> found = new HashMap<>();
    for (S3Bucket.Entry entry : bucket.list(prefix, "")) {
      found.put(entry.key().substring(prefix.length()), entry.size());
    }
    return found;
  }

  @Override
  public CheckpointWriter begin(CheckpointLocation location) throws IOException {
    SharedFiles files = files(location.job());
    clearLeft(files);
    S3CheckpointWriter writer = new S3CheckpointWriter(this, bucket, location, files);
    boolean begun = false;
    if (files.begin(writer)) {
      try {
        Map<String, Long> before = below(key(location));
        begun = !before.containsKey(MANIFEST);
        if (begun) {
          delete(location, before.keySet());
        }
      } finally {
        if (!begun) {
          files.ended(writer);
        }
      }
    }
    if (!begun) {
      throw new IOException("there is a checkpoint at " + bucket.uri(key(location)) + " already");
    }
    return writer;
  }

  /** Tries again what could not be cleared away. */
  private static void clearLeft(SharedFiles files) throws IOException {
    List<S3CheckpointWriter> left = files.takeLeft();
    for (int i = 0; i < left.size(); i++) {
      try {
        left.get(i).clear(true);
      } catch (IOException e) {
        left.subList(i, left.size()).forEach(files::leave);
        throw e;
      }
    }
  }

  private void delete(CheckpointLocation location, Set<String> names) throws IOException {
    bucket.delete(names.stream().map(name -> key(location) + name).toList());
  }

  /** Deletes what is below a checkpoint's key, its manifest first. */
  void deleteAll(String prefix) throws IOException {
    bucket.delete(List.of(prefix + MANIFEST));
    bucket.delete(bucket.list(prefix, "").stream().map(S3Bucket.Entry::key).toList());
  }

  @Override
  public StoredCheckpoint open(CheckpointLocation location) throws IOException {
    Map<String, Long> objects = below(key(location));
    if (!objects.containsKey(MANIFEST)) {
      throw new FileNotFoundException("there is no checkpoint at " + bucket.uri(key(location)));
    }
    Set<String> references = objects.containsKey(SHARED) ? references(location) : Set.of();
    return new S3Checkpoint(this, bucket, location, objects, references);
  }

  /** What a complete checkpoint refers to. */
  private Set<String> references(CheckpointLocation location) throws IOException {
    SharedFiles files = files(location.job());
    Set<String> known = files.known(location.name());
    if (known == null) {
      byte[] list = bucket.get(key(location) + SHARED, SHARED_LIMIT);
      known = Set.copyOf(new HashSet<>(new String(list, StandardCharsets.UTF_8).lines().toList()));
      files.know(location.name(), known);
    }
    return known;
  }

  @Override
  public List<CheckpointLocation> list(JobId job) throws IOException {
    return complete(job, checkpoints(job));
  }

  private static List<CheckpointLocation> complete(
      JobId job, Map<String, Set<String>> checkpoints) {
    List<CheckpointLocation> found = new ArrayList<>();
    checkpoints.forEach(
        (name, objects) -> {
          if (objects.contains(MANIFEST)) {
            found.add(new CheckpointLocation(job, name));
          }
        });
    return found;
  }

  /** The checkpoints of a job, complete or not: names, with those of their objects. */
  private Map<String, Set<String>> checkpoints(JobId job) throws IOException {
    Map<String, Set<String>> found = new HashMap<>();
    for (S3Bucket.Entry entry : bucket.list(key(job), key(job) + AFTER_SHARED_FILES)) {
      String rest = entry.key().substring(key(job).length());
      int slash = rest.indexOf('/');
      if (slash > 0 && CheckpointLocation.isName(rest.substring(0, slash))) {
        found
            .computeIfAbsent(rest.substring(0, slash), name -> new HashSet<>())
            .add(rest.substring(slash + 1));
      }
    }
    return found;
  }

  @Override
  public void delete(CheckpointLocation location) throws IOException {
    SharedFiles files = files(location.job());
    if (files.isWriting(location.name())) {
      return;
    }
    Map<String, Long> objects = below(key(location));
    if (!objects.containsKey(MANIFEST)) {
      return;
    }
    Set<String> released = objects.containsKey(SHARED) ? references(location) : Set.of();
    bucket.delete(List.of(key(location) + MANIFEST));
    files.forget(location.name());
    release(location.job(), released);
    objects.remove(MANIFEST);
    delete(location, objects.keySet());
  }

  /** Deletes those of these shared files that no complete checkpoint and no writer refers to. */
  void release(JobId job, Set<String> names) throws IOException {
    if (names.isEmpty()) {
      return;
    }
    SharedFiles files = files(job);
    Map<String, Set<String>> checkpoints = checkpoints(job);
    Set<String> unused = new HashSet<>(names);
    for (CheckpointLocation location : complete(job, checkpoints)) {
      if (checkpoints.getOrDefault(location.name(), Set.of()).contains(SHARED)) {
        unused.removeAll(references(location));
      }
    }
    unused = files.condemn(unused);
    try {
      bucket.delete(unused.stream().map(name -> sharedKey(job, name)).toList());
    } finally {
      files.absolve(unused);
    }
  }

  @Override
  public void sweep(JobId job, Predicate<String> keep) throws IOException {
    files(job).sweep(keep);
    Instant dead = time.instant().minus(LONGEST_UPLOAD);
    for (S3Bucket.Upload upload : bucket.uploads(key(job))) {
      String rest = upload.key().substring(key(job).length());
      boolean kept = !rest.startsWith(SHARED_FILES) && keep.test(rest.split("/", 2)[0]);
      if (!kept || upload.begun().isBefore(dead)) {
        bucket.abortUpload(upload.key(), upload.id());
      }
    }
    List<String> manifests = new ArrayList<>();
    List<String> others = new ArrayList<>();
    checkpoints(job)
        .forEach(
            (name, objects) -> {
              if (!keep.test(name)) {
                String prefix = key(new CheckpointLocation(job, name));
                objects.forEach(
                    object -> (object.equals(MANIFEST) ? manifests : others).add(prefix + object));
              }
            });
    bucket.delete(manifests);
    bucket.delete(others);
    release(job, sharedFiles(job).keySet());
  }

  /** Ends requests under way; checkpoints cannot be written and read any more. */
  @Override
  public void close() {
    bucket.close();
  }
}
