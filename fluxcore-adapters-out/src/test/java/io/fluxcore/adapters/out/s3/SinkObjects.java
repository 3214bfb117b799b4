package io.fluxcore.adapters.out.s3;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The objects of one test in a bucket, and the options of a sink that writes them. */
final class SinkObjects {
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final int LARGEST = 64 << 20;

  private final URI endpoint;
  private final String directory = "sink/" + TESTS.incrementAndGet() + "/";

  SinkObjects(URI endpoint) {
    this.endpoint = endpoint;
  }

  Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("bucket", S3Server.BUCKET);
    options.put("path", directory + "rows.json");
    options.put("endpoint", endpoint.toString());
    options.put("accessKey", S3Server.ACCESS_KEY);
    options.put("secretKey", S3Server.SECRET_KEY);
    options.put("requestTimeout", "2s");
    return options;
  }

  /** What is asked of the store in a test. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(S3Bucket bucket) throws IOException;
  }

  private <T> T ask(Question<T> question) {
    S3Settings settings =
        new S3Settings(
            S3Server.BUCKET,
            "",
            endpoint,
            null,
            null,
            new S3Settings.Credentials(S3Server.ACCESS_KEY, S3Server.SECRET_KEY, null),
            Duration.ofMinutes(1));
    try (S3Bucket bucket = S3Bucket.of(settings)) {
      return question.ask(bucket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keys without the directory of the test, in the order in which one writer has made them. */
  List<String> keys() {
    return ask(bucket -> bucket.list(directory, "")).stream()
        .map(entry -> entry.key().substring(directory.length()))
        .sorted(Comparator.comparing(SinkObjects::order, Arrays::compare))
        .toList();
  }

  private static long[] order(String key) {
    String[] name = key.substring(key.lastIndexOf('/') + 1).split("[-.]");
    return new long[] {Long.parseLong(name[4]), Long.parseLong(name[5])};
  }

  byte[] bytes(String key) {
    return ask(bucket -> bucket.get(directory + key, LARGEST));
  }

  String text(String key) {
    return new String(bytes(key), StandardCharsets.UTF_8);
  }

  List<List<@Nullable Object>> rows(Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    keys().forEach(key -> rows.addAll(JsonReadBack.rows(schema, text(key))));
    return rows;
  }

  List<Long> ids(Schema schema) {
    return rows(schema).stream().map(row -> (Long) row.get(0)).toList();
  }

  void delete(String key) {
    ask(
        bucket -> {
          bucket.delete(List.of(directory + key));
          return true;
        });
  }

  /** Uploads that were begun and neither completed nor given up. */
  List<S3Bucket.Upload> uploads() {
    return ask(bucket -> bucket.uploads(directory));
  }
}
