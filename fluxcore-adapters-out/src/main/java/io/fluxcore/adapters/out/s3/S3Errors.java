package io.fluxcore.adapters.out.s3;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.Place;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** Errors of the client as a user can act on them. */
final class S3Errors {
  private static final Set<String> BAD_KEYS =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "TokenRefreshRequired",
          "InvalidSecurity");
  private static final Set<String> OTHER_REGION =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "Redirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");
  private static final Set<String> TOO_MUCH =
      Set.of("SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestTimeout");

  /** For who set the properties of the store of checkpoints. */
  static final S3Errors OF_CHECKPOINTS =
      new S3Errors(
          S3Settings.PROPERTIES,
          S3Settings.PROPERTIES + "access-key",
          S3Settings.PROPERTIES + "secret-key");

  /** For who set the options of the sink. */
  static final S3Errors OF_SINK = new S3Errors("", "accessKey", "secretKey");

  private final String properties;
  private final String keys;

  private S3Errors(String properties, String accessKey, String secretKey) {
    this.properties = properties;
    this.keys =
        accessKey
            + " and "
            + secretKey
            + ", or where the AWS SDK looks for them: the environment, ~/.aws, the machine";
  }

  /**
   * What is thrown in place of an error of the client.
   *
   * @param uri of the object or bucket
   */
  IOException at(String uri, Throwable failure) {
    if (failure instanceof AwsServiceException refused) {
      return refused(uri, refused);
    }
    if (find(failure, AbortedException.class) != null || isInterrupt(failure)) {
      InterruptedIOException interrupted = new InterruptedIOException("given up: " + uri);
      interrupted.initCause(failure);
      return interrupted;
    }
    if (find(failure, ApiCallTimeoutException.class) != null
        || find(failure, ApiCallAttemptTimeoutException.class) != null
        || isReadTimeout(failure)) {
      return slow(uri, "the store does not answer in time: " + words(failure), failure);
    }
    String message = words(failure);
    if (message.contains("Unable to load credentials") || message.contains("credentials from")) {
      return new S3Failure(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-S3-0003", Place.of(uri), "there are no credentials: " + message, "set " + keys),
          failure);
    }
    if (find(failure, IOException.class) != null) {
      return new S3Failure(
          ErrorCategory.EXTERNAL,
          Diagnostic.error(
              "FLX-S3-0006",
              Place.of(uri),
              "the store cannot be reached: " + words(root(failure)),
              "look at the network, and at " + properties + "endpoint"),
          failure);
    }
    return other(uri, message, failure);
  }

  /** A region that nobody told. */
  S3Failure noRegion(String uri, Throwable failure) {
    return new S3Failure(
        ErrorCategory.USER,
        Diagnostic.error(
            "FLX-S3-0004",
            Place.of(uri),
            "the region of the bucket is not known: " + words(failure),
            "set " + properties + "region"),
        failure);
  }

  /** What is wrong with the store as a whole. */
  static S3Failure unusable(String uri, IOException failure) {
    return other(uri, words(failure), failure);
  }

  private IOException refused(String uri, AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    int status = failure.statusCode();
    String answer = answer(status, code, details);
    if (code.equals("NoSuchBucket")) {
      return new S3Failure(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-S3-0001",
              Place.of(uri),
              "there is no such bucket (" + answer + ")",
              "create it, or set " + properties + "bucket, endpoint and region to where it is"),
          failure);
    }
    if (code.equals("NoSuchKey") || (status == 404 && code.isEmpty())) {
      return missing(uri, failure);
    }
    if (status == 416 || code.equals("InvalidRange")) {
      EOFException end = new EOFException(uri + " is cut off");
      end.initCause(failure);
      return end;
    }
    if (OTHER_REGION.contains(code) || status == 301 || status == 307) {
      return otherRegion(uri, answer, details, failure);
    }
    if (status == 401 || status == 403 || BAD_KEYS.contains(code)) {
      return new S3Failure(
          ErrorCategory.EXTERNAL,
          Diagnostic.error(
              "FLX-S3-0002", Place.of(uri), "access is refused: " + answer, mendAccess(code)),
          failure);
    }
    if (status == 429 || status == 503 || TOO_MUCH.contains(code)) {
      return slow(uri, "the store asks for fewer requests: " + answer, failure);
    }
    return other(uri, answer, failure);
  }

  private static FileNotFoundException missing(String uri, Throwable failure) {
    FileNotFoundException missing = new FileNotFoundException("there is no object " + uri);
    missing.initCause(failure);
    return missing;
  }

  private String mendAccess(String code) {
    if (code.equals("RequestTimeTooSkewed")) {
      return "set this machine's clock";
    }
    return BAD_KEYS.contains(code)
        ? "look at the credentials: " + keys
        : "allow s3:ListBucket and s3:ListBucketMultipartUploads on the bucket, and s3:GetObject,"
            + " s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its objects; or use"
            + " other credentials: "
            + keys;
  }

  private S3Failure otherRegion(
      String uri, String answer, @Nullable AwsErrorDetails details, Throwable failure) {
    String region =
        details == null || details.sdkHttpResponse() == null
            ? ""
            : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").orElse("");
    return new S3Failure(
        ErrorCategory.USER,
        Diagnostic.error(
            "FLX-S3-0004",
            Place.of(uri),
            "the bucket is in another region"
                + (region.isEmpty() ? "" : ", " + region)
                + " ("
                + answer
                + ")",
            "set "
                + properties
                + "region"
                + (region.isEmpty() ? " to the bucket's" : " to " + region)),
        failure);
  }

  private static S3Failure slow(String uri, String message, Throwable failure) {
    return new S3Failure(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-S3-0005",
            Place.of(uri),
            message,
            "make checkpoints less often, give their writing more time, or look at the store"),
        failure);
  }

  private static S3Failure other(String uri, String message, Throwable failure) {
    return new S3Failure(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-S3-0007", Place.of(uri), "the request failed: " + message, "look at the store"),
        failure);
  }

  private static String answer(int status, String code, @Nullable AwsErrorDetails details) {
    String text = details == null || details.errorMessage() == null ? "" : details.errorMessage();
    return String.format(
        Locale.ROOT,
        "%d%s%s",
        status,
        code.isEmpty() ? "" : " " + code,
        text.isEmpty() ? "" : ": " + text);
  }

  private static boolean isInterrupt(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof InterruptedException
          || (at instanceof InterruptedIOException && !(at instanceof SocketTimeoutException))) {
        return true;
      }
    }
    return false;
  }

  /** A connection that was made, and over which nothing came. */
  private static boolean isReadTimeout(Throwable failure) {
    SocketTimeoutException timeout = find(failure, SocketTimeoutException.class);
    return timeout != null && !String.valueOf(timeout.getMessage()).contains("onnect");
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }

  private static Throwable root(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  private static String words(Throwable failure) {
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    boolean bare =
        failure instanceof UnknownHostException
            || failure instanceof ConnectException
            || failure instanceof NoRouteToHostException;
    return bare ? failure.getClass().getSimpleName() + ": " + message : message;
  }
}
