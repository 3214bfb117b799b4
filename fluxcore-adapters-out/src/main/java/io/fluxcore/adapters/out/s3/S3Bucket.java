package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.s3.S3Calls.Running;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.state.Payload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * The objects of a bucket below a prefix, which keys here do not have. All that waits for the store
 * can be interrupted. Thread-safe.
 */
final class S3Bucket implements AutoCloseable {
  /** A request that fails is tried this many times, with pauses that grow. */
  private static final int ATTEMPTS = 4;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Silence of a connection after which it is given up. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Keys that are deleted by one request. */
  private static final int BATCH = 1000;

  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;

  private final S3Settings settings;
  private final String bucket;
  private final String root;
  private final S3Errors errors;
  private final S3Calls calls;

  private S3Bucket(S3Settings settings, S3Errors errors, S3Calls calls) {
    this.settings = settings;
    this.errors = errors;
    this.bucket = settings.bucket();
    this.root = settings.root();
    this.calls = calls;
  }

  /**
   * Makes a client; asks nothing of the store yet.
   *
   * @throws FluxCoreException if it does not know the region
   */
  static S3Bucket of(S3Settings settings) {
    return of(settings, S3Errors.OF_CHECKPOINTS);
  }

  /**
   * The same for other users.
   *
   * @param errors as they can act on them
   */
  static S3Bucket of(S3Settings settings, S3Errors errors) {
    Duration timeout = settings.requestTimeout();
    AbortableHttp http =
        new AbortableHttp(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(min(CONNECT_TIMEOUT, timeout))
                .socketTimeout(min(SILENCE, timeout))
                .build());
    // Checksums that stores other than Amazon's may not know are sent only where they must be, and
    // MD5 where that was asked for in all times; snapshots have checksums of their own.
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .addPlugin(LegacyMd5Plugin.create())
            .forcePathStyle(settings.isPathStyle())
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .build())
            .overrideConfiguration(
                to ->
                    to.retryStrategy(
                            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .build())
                        .apiCallAttemptTimeout(timeout)
                        .apiCallTimeout(timeout.multipliedBy(ATTEMPTS)));
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint()).region(Region.US_EAST_1);
    }
    if (settings.region() != null) {
      builder.region(Region.of(settings.region()));
    }
    if (settings.credentials() == null) {
      builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
    } else {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(credentials(settings.credentials())));
    }
    try {
      return new S3Bucket(settings, errors, new S3Calls(builder.build(), http, errors));
    } catch (SdkClientException e) {
      throw errors.noRegion(settings.description(), e).toException();
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static AwsCredentials credentials(S3Settings.Credentials given) {
    String token = given.sessionToken();
    return token == null
        ? AwsBasicCredentials.create(given.accessKey(), given.secretKey())
        : AwsSessionCredentials.create(given.accessKey(), given.secretKey(), token);
  }

  String description() {
    return settings.description();
  }

  /** Address of an object, or of all whose keys begin so. */
  String uri(String key) {
    return "s3://" + bucket + "/" + root + key;
  }

  /** What is thrown in place of an error of the client. */
  IOException error(String key, Throwable failure) {
    return errors.at(uri(key), failure);
  }

  /**
   * An object.
   *
   * @param size in bytes
   */
  record Entry(String key, long size) {}

  /** An upload in parts that has begun. */
  record Upload(String key, String id, Instant begun) {}

  /**
   * Objects, in the order of their keys.
   *
   * @param prefix what their keys begin with
   * @param after only those that come later than this key, unless empty
   */
  List<Entry> list(String prefix, String after) throws IOException {
    List<Entry> found = new ArrayList<>();
    @Nullable String[] next = {null};
    boolean more = true;
    while (more) {
      ListObjectsV2Response page =
          calls.make(
              uri(prefix),
              s3 ->
                  s3.listObjectsV2(
                      request ->
                          request
                              .bucket(bucket)
                              .prefix(root + prefix)
                              .startAfter(after.isEmpty() ? null : root + after)
                              .continuationToken(next[0])));
      for (S3Object object : page.contents()) {
        found.add(new Entry(object.key().substring(root.length()), object.size()));
      }
      next[0] = page.nextContinuationToken();
      more = Boolean.TRUE.equals(page.isTruncated()) && next[0] != null;
    }
    return found;
  }

  /** Looks whether the bucket may be listed. */
  void probe() throws IOException {
    probe("");
  }

  /** Looks whether the keys of the bucket may be listed that begin so. */
  void probe(String prefix) throws IOException {
    calls.make(
        uri(prefix),
        s3 -> s3.listObjectsV2(to -> to.bucket(bucket).prefix(root + prefix).maxKeys(1)));
  }

  void put(String key, byte[] content) throws IOException {
    put(key, Body.of(content, content.length), request -> {});
  }

  void put(String key, Payload content) throws IOException {
    put(key, Body.of(content, 0, content.size()), request -> {});
  }

  void put(String key, Body body) throws IOException {
    put(key, body, request -> {});
  }

  private void put(String key, Body body, Consumer<PutObjectRequest.Builder> more)
      throws IOException {
    try {
      calls.make(
          uri(key),
          s3 ->
              s3.putObject(
                  request -> request.bucket(bucket).key(root + key).applyMutation(more),
                  body.toRequest()));
    } catch (IOException e) {
      throw body.orElse(e);
    }
  }

  /** Writes an object unless there is one, as far as the store knows such conditions. */
  void putIfAbsent(String key, byte[] content) throws IOException {
    Body body = Body.of(content, content.length);
    try {
      put(key, body, request -> request.ifNoneMatch("*"));
    } catch (S3Failure e) {
      int status = e.getCause() instanceof AwsServiceException answer ? answer.statusCode() : 0;
      if (status == 400 || status == 501) {
        put(key, body); // does not know them
      } else if (status != PRECONDITION_FAILED && status != CONFLICT) {
        throw e;
      }
    }
  }

  /**
   * A whole object.
   *
   * @throws FileNotFoundException if there is none
   * @throws IOException also if it has more bytes than the limit
   */
  byte[] get(String key, int limit) throws IOException {
    try (ResponseInputStream<GetObjectResponse> in = open(key, null)) {
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        in.abort();
        throw new IOException(uri(key) + " has more than " + limit + " bytes");
      }
      return bytes;
    }
  }

  /**
   * A piece of an object. What the stream of it throws is the connection's.
   *
   * @param length not 0
   */
  ResponseInputStream<GetObjectResponse> open(String key, long offset, long length)
      throws IOException {
    return open(key, "bytes=" + offset + "-" + (offset + length - 1));
  }

  private ResponseInputStream<GetObjectResponse> open(String key, @Nullable String range)
      throws IOException {
    GetObjectRequest request =
        GetObjectRequest.builder().bucket(bucket).key(root + key).range(range).build();
    return calls.make(uri(key), s3 -> s3.getObject(request));
  }

  /** Whether there is an object. */
  boolean exists(String key) throws IOException {
    try {
      calls.make(uri(key), s3 -> s3.headObject(to -> to.bucket(bucket).key(root + key)));
      return true;
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /** Deletes objects; without effect for those that are not there. */
  void delete(Collection<String> keys) throws IOException {
    List<String> all = List.copyOf(keys);
    for (int from = 0; from < all.size(); from += BATCH) {
      deleteBatch(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
  }

  private void deleteBatch(List<String> keys) throws IOException {
    if (keys.size() == 1) {
      deleteOne(keys.get(0));
      return;
    }
    List<ObjectIdentifier> objects =
        keys.stream().map(key -> ObjectIdentifier.builder().key(root + key).build()).toList();
    DeleteObjectsResponse answer;
    try {
      answer =
          calls.make(
              uri(keys.get(0)),
              s3 ->
                  s3.deleteObjects(
                      request ->
                          request.bucket(bucket).delete(d -> d.objects(objects).quiet(true))));
    } catch (S3Failure e) {
      int status = e.getCause() instanceof AwsServiceException said ? said.statusCode() : 0;
      if (status == 400 || status == 405 || status == 501) {
        for (String key : keys) { // there are stores that do not know the request
          deleteOne(key);
        }
        return;
      }
      throw e;
    }
    for (S3Error error : answer.errors()) {
      if (!"NoSuchKey".equals(error.code())) {
        throw new IOException(
            "s3://"
                + bucket
                + "/"
                + error.key()
                + " is not deleted: "
                + error.code()
                + " "
                + error.message());
      }
    }
  }

  private void deleteOne(String key) throws IOException {
    try {
      calls.make(uri(key), s3 -> s3.deleteObject(to -> to.bucket(bucket).key(root + key)));
    } catch (FileNotFoundException e) {
      // as wanted
    }
  }

  /** Begins an upload in parts, and gives its id. */
  String beginUpload(String key) throws IOException {
    return calls
        .make(uri(key), s3 -> s3.createMultipartUpload(to -> to.bucket(bucket).key(root + key)))
        .uploadId();
  }

  /**
   * Begins to send a part of an upload.
   *
   * @param number from 1
   */
  Running<CompletedPart> startPart(String key, String upload, int number, Body body) {
    return calls.start(
        uri(key),
        s3 -> {
          UploadPartResponse sent =
              s3.uploadPart(
                  to -> to.bucket(bucket).key(root + key).uploadId(upload).partNumber(number),
                  body.toRequest());
          return CompletedPart.builder().partNumber(number).eTag(sent.eTag()).build();
        });
  }

  void completeUpload(String key, String upload, List<CompletedPart> parts) throws IOException {
    calls.make(
        uri(key),
        s3 ->
            s3.completeMultipartUpload(
                to ->
                    to.bucket(bucket)
                        .key(root + key)
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(parts))));
  }

  /** Gives an upload up; without effect if there is none. */
  void abortUpload(String key, String upload) throws IOException {
    try {
      calls.make(
          uri(key),
          s3 -> s3.abortMultipartUpload(to -> to.bucket(bucket).key(root + key).uploadId(upload)));
    } catch (FileNotFoundException e) {
      // as wanted
    } catch (S3Failure e) {
      if (!isGone(e)) {
        throw e;
      }
    }
  }

  /** Whether a failure says that there is no such upload. */
  static boolean isGone(IOException failure) {
    return failure instanceof FileNotFoundException
        || (failure.getCause() instanceof AwsServiceException said
            && said.statusCode() == 404
            && !said.awsErrorDetails().errorCode().equals("NoSuchBucket"));
  }

  /** Uploads in parts that were begun and neither completed nor given up. */
  List<Upload> uploads(String prefix) throws IOException {
    List<Upload> found = new ArrayList<>();
    @Nullable String[] next = {null, null};
    boolean more = true;
    while (more) {
      ListMultipartUploadsResponse page =
          calls.make(
              uri(prefix),
              s3 ->
                  s3.listMultipartUploads(
                      to ->
                          to.bucket(bucket)
                              .prefix(root + prefix)
                              .keyMarker(next[0])
                              .uploadIdMarker(next[1])));
      for (MultipartUpload upload : page.uploads()) {
        // There are stores that do not look at the prefix.
        if (upload.key().startsWith(root + prefix)) {
          Instant begun = upload.initiated() == null ? Instant.MAX : upload.initiated();
          found.add(new Upload(upload.key().substring(root.length()), upload.uploadId(), begun));
        }
      }
      next[0] = page.nextKeyMarker();
      next[1] = page.nextUploadIdMarker();
      more = Boolean.TRUE.equals(page.isTruncated()) && next[0] != null;
    }
    return found;
  }

  @Override
  public void close() {
    calls.close();
  }
}
