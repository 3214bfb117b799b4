package io.fluxcore.architecture.planted.libraries.awssdk.adapters.out.s3;

import software.amazon.awssdk.services.s3.S3Client;

/** Allowed: a library in its folder. */
final class WellBehaved {
  S3Client library;
}
