package io.fluxcore.architecture.planted.libraries.awssdk.adapters.out.file;

import software.amazon.awssdk.services.s3.S3Client;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  S3Client library;
}
