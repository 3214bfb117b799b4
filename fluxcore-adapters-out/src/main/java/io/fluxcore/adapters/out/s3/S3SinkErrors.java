package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What the store refuses, to a sink. */
final class S3SinkErrors {
  private static final String FAILED = "FLX-S3-0007";

  /** A store that is slow, asks for less or cannot be reached. */
  private static final Set<String> NOT_NOW = Set.of("FLX-S3-0005", "FLX-S3-0006");

  /** What only the user can mend: bucket, access, credentials, region. */
  private static final Set<String> OF_USERS =
      Set.of("FLX-S3-0001", "FLX-S3-0002", "FLX-S3-0003", "FLX-S3-0004");

  private S3SinkErrors() {}

  /**
   * What a call of the sink throws.
   *
   * @param uri of what it was about
   * @param kept what became of the rows so far
   */
  static FluxCoreException of(IOException failure, String uri, String kept) {
    if (!(failure instanceof S3Failure refused)) {
      return error(
          ErrorCategory.EXTERNAL,
          Diagnostic.error(
              FAILED, Place.of(uri), failure.getMessage() + "; " + kept, "look at the store"),
          failure);
    }
    Diagnostic said = refused.diagnostic();
    Diagnostic told =
        Diagnostic.error(said.code(), said.place(), said.message() + "; " + kept, said.remedy());
    if (NOT_NOW.contains(said.code()) || isServersOwn(refused)) {
      return new TransientSinkException(told, 0, failure);
    }
    return error(
        OF_USERS.contains(said.code()) ? ErrorCategory.USER : refused.category(), told, failure);
  }

  /** A failure within the store, which may be over soon. */
  private static boolean isServersOwn(S3Failure refused) {
    return refused.getCause() instanceof AwsServiceException answer && answer.statusCode() >= 500;
  }

  private static FluxCoreException error(
      ErrorCategory category, Diagnostic diagnostic, Throwable cause) {
    return new FluxCoreException(category, List.of(diagnostic), cause);
  }
}
