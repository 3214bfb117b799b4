package io.fluxcore.adapters.out.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ErrorsTest {
  private static final String URI = "s3://bucket/key";

  private static S3Exception answer(int status, String code) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(code)
                    .errorMessage("because")
                    .sdkHttpResponse(
                        SdkHttpResponse.builder()
                            .statusCode(status)
                            .putHeader("x-amz-bucket-region", "eu-west-1")
                            .build())
                    .build())
            .build();
  }

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchBucket, FLX-S3-0001, create it",
    "403, AccessDenied, FLX-S3-0002, s3:PutObject",
    "403, InvalidAccessKeyId, FLX-S3-0002, fluxcore.checkpoints.s3.access-key",
    "400, ExpiredToken, FLX-S3-0002, look at the credentials",
    "403, RequestTimeTooSkewed, FLX-S3-0002, set this machine's clock",
    "301, PermanentRedirect, FLX-S3-0004, fluxcore.checkpoints.s3.region to eu-west-1",
    "400, AuthorizationHeaderMalformed, FLX-S3-0004, eu-west-1",
    "503, SlowDown, FLX-S3-0005, less often",
    "429, TooManyRequests, FLX-S3-0005, less often",
    "500, InternalError, FLX-S3-0007, look at the store",
    "507, InsufficientStorage, FLX-S3-0007, look at the store",
  })
  void refusal_isTold_withCodeAnswerAndRemedy(int status, String said, String code, String remedy) {
    assertThat(S3Errors.OF_CHECKPOINTS.at(URI, answer(status, said)))
        .hasMessageStartingWith(code + " at " + URI + ": ")
        .hasMessageContaining(status + " " + said + ": because")
        .hasMessageContaining(remedy);
  }

  @Test
  void missingObject_isNoFailureOfTheStore() {
    IOException missing =
        S3Errors.OF_CHECKPOINTS.at(
            URI,
            NoSuchKeyException.builder()
                .statusCode(404)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode("NoSuchKey").build())
                .build());
    assertThat(missing).isInstanceOf(FileNotFoundException.class).hasMessageContaining(URI);
  }

  private static IOException network(Throwable cause) {
    return S3Errors.OF_CHECKPOINTS.at(
        URI, SdkClientException.create("Unable to execute HTTP request", cause));
  }

  @Test
  void network_isTold() {
    assertThat(network(new ConnectException("Connection refused")))
        .hasMessageContaining("FLX-S3-0006")
        .hasMessageContaining("ConnectException: Connection refused");
    assertThat(network(new UnknownHostException("storage.example")))
        .hasMessageContaining("FLX-S3-0006")
        .hasMessageContaining("UnknownHostException: storage.example");
    assertThat(network(new SocketTimeoutException("Connect timed out")))
        .hasMessageContaining("FLX-S3-0006");
    assertThat(network(new SocketTimeoutException("Read timed out")))
        .hasMessageContaining("FLX-S3-0005");
  }

  @Test
  void missingCredentials_areTold() {
    assertThat(
            S3Errors.OF_CHECKPOINTS.at(
                URI,
                SdkClientException.create(
                    "Unable to load credentials from any of the providers in the chain")))
        .hasMessageContaining("FLX-S3-0003")
        .hasMessageContaining("fluxcore.checkpoints.s3.access-key");
  }

  @Test
  void interrupt_isAnInterrupt() {
    assertThat(S3Errors.OF_CHECKPOINTS.at(URI, AbortedException.create("interrupted")))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(network(new InterruptedIOException("closed")))
        .isInstanceOf(InterruptedIOException.class);
  }
}
