package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.connector.Secret;
import org.jspecify.annotations.Nullable;

/**
 * How a sink reaches its bucket. Its secrets may lie in files, which are read each time a
 * connection is made.
 *
 * @param settings without credentials
 * @param accessKey null: the credentials are those that the SDK finds
 */
record S3Access(
    S3Settings settings, @Nullable String accessKey, Secret secretKey, Secret sessionToken) {

  /** The settings of a bucket that is reached like this. */
  S3Settings to(String bucket) {
    String secret = secretKey.read();
    return new S3Settings(
        bucket,
        settings.prefix(),
        settings.endpoint(),
        settings.region(),
        settings.pathStyle(),
        accessKey == null || secret == null
            ? null
            : new S3Settings.Credentials(accessKey, secret, sessionToken.read()),
        settings.requestTimeout());
  }
}
