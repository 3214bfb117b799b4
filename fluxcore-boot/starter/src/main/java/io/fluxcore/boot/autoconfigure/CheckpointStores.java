package io.fluxcore.boot.autoconfigure;

import io.fluxcore.adapters.out.checkpoint.DirectoryCheckpointStore;
import io.fluxcore.adapters.out.s3.S3CheckpointStore;
import io.fluxcore.adapters.out.s3.S3Settings;
import io.fluxcore.application.checkpoint.CheckpointStore;
import io.fluxcore.application.checkpoint.InMemoryCheckpointStore;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Where checkpoints are kept, as the properties say. */
final class CheckpointStores {
  private static final List<String> S3_LIBRARIES =
      List.of(
          "software.amazon.awssdk.services.s3.S3Client",
          "software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient");

  private CheckpointStores() {}

  /**
   * A bucket, a directory or memory.
   *
   * @throws FluxCoreException if that cannot be
   */
  static CheckpointStore of(FluxCoreProperties properties, @Nullable ClassLoader loader) {
    String bucket = properties.checkpoints().s3().bucket();
    if (bucket != null) {
      return inBucket(bucket, properties.checkpoints().s3(), loader);
    }
    Path directory = properties.checkpointDirectory();
    if (directory != null) {
      return new DirectoryCheckpointStore(directory, properties.checkpoints().shared());
    }
    if (properties.store().isDurable()) {
      throw FluxCoreException.user(
          "FLX-BOOT-0007",
          Place.of("fluxcore.checkpoints.directory"),
          "jobs are kept in a database, and their checkpoints would be kept in memory: after a"
              + " restart jobs would begin anew",
          "name a directory, or a bucket in fluxcore.checkpoints.s3.bucket; one that all servers"
              + " see if several share the database");
    }
    return new InMemoryCheckpointStore();
  }

  private static CheckpointStore inBucket(
      String bucket, FluxCoreProperties.S3 s3, @Nullable ClassLoader loader) {
    if (!S3_LIBRARIES.stream().allMatch(name -> ClassUtils.isPresent(name, loader))) {
      throw FluxCoreException.user(
          "FLX-BOOT-0009",
          Place.of("fluxcore.checkpoints.s3.bucket"),
          "checkpoints are to be kept in bucket '"
              + bucket
              + "', and the libraries for that are not there",
          "add " + S3CheckpointStore.DEPENDENCIES + " to the application");
    }
    String accessKey = s3.accessKey();
    String secretKey = s3.secretKey();
    S3Settings.Credentials credentials =
        accessKey == null || secretKey == null
            ? null
            : new S3Settings.Credentials(accessKey, secretKey, s3.sessionToken());
    return S3CheckpointStore.open(
        new S3Settings(
            bucket,
            s3.prefix(),
            s3.endpoint(),
            s3.region(),
            s3.pathStyle(),
            credentials,
            s3.requestTimeout()),
        InstantSource.system());
  }
}
