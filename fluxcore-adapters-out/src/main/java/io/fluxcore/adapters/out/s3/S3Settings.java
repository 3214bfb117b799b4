package io.fluxcore.adapters.out.s3;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket, and how it is reached.
 *
 * @param bucket its name
 * @param prefix what all keys begin with, such as {@code fluxcore/production}; empty for none
 * @param endpoint of a store that is not Amazon's; null for Amazon S3
 * @param region of the bucket; null for the one that the SDK finds (environment, profile, machine),
 *     or {@code us-east-1} where there is an endpoint
 * @param pathStyle whether the bucket is in the path of addresses rather than in the name of the
 *     host; null for what is usual: it is where there is an endpoint
 * @param credentials null for those that the SDK finds (environment, profile, container, machine)
 * @param requestTimeout how long one request may take, before it is tried again
 */
public record S3Settings(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    @Nullable String region,
    @Nullable Boolean pathStyle,
    @Nullable Credentials credentials,
    Duration requestTimeout) {
  /** What users set is called this, and something. */
  static final String PROPERTIES = "fluxcore.checkpoints.s3.";

  /** How long one request may take unless said otherwise. */
  public static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(1);

  /** Wider than Amazon's rules, for stores that are. */
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

  private static final Pattern PREFIX = Pattern.compile("[!-~&&[^/]]+(/[!-~&&[^/]]+)*");
  private static final int MAX_PREFIX = 400;

  /**
   * An access key.
   *
   * @param sessionToken of credentials that are temporary
   */
  public record Credentials(String accessKey, String secretKey, @Nullable String sessionToken) {
    /** Tells no secrets. */
    @Override
    public String toString() {
      return "access key " + accessKey;
    }
  }

  /**
   * Takes slashes off both ends of the prefix.
   *
   * @throws FluxCoreException {@code FLX-S3-0008} if something cannot be
   */
  public S3Settings {
    check(BUCKET.matcher(bucket).matches(), "bucket", "'" + bucket + "'", "the name of a bucket");
    prefix = prefix.replaceAll("^/+|/+$", "");
    check(
        prefix.isEmpty() || (prefix.length() <= MAX_PREFIX && PREFIX.matcher(prefix).matches()),
        "prefix",
        "'" + prefix + "'",
        "names of letters, digits and signs, with / between them, at most "
            + MAX_PREFIX
            + " characters");
    check(
        endpoint == null || isWeb(endpoint),
        "endpoint",
        String.valueOf(endpoint),
        "an address such as https://storage.example:9000");
    check(
        requestTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
        "request-timeout",
        requestTimeout.toString(),
        "1s or more");
  }

  /** A bucket of Amazon S3, with the region and the credentials that the SDK finds. */
  public static S3Settings of(String bucket) {
    return new S3Settings(bucket, "", null, null, null, null, REQUEST_TIMEOUT);
  }

  private static boolean isWeb(URI endpoint) {
    return endpoint.getHost() != null
        && ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()));
  }

  private static void check(boolean fits, String property, String value, String range) {
    if (!fits) {
      throw FluxCoreException.user(
          "FLX-S3-0008",
          Place.of(PROPERTIES + property),
          value + " cannot be used",
          "set it to " + range);
    }
  }

  /** What all keys begin with: empty, or ending with a slash. */
  String root() {
    return prefix.isEmpty() ? "" : prefix + "/";
  }

  /** Whether the bucket is in the path of addresses. */
  boolean isPathStyle() {
    return pathStyle == null ? endpoint != null : pathStyle;
  }

  /** Where it is, as messages say it. */
  String description() {
    String place = "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    return endpoint == null ? place : place + " at " + endpoint;
  }
}
