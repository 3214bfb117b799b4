package io.fluxcore.adapters.out.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SettingsTest {
  private static S3Settings settings(
      String bucket, String prefix, @Nullable String endpoint, Duration timeout) {
    return new S3Settings(
        bucket, prefix, endpoint == null ? null : URI.create(endpoint), null, null, null, timeout);
  }

  @ParameterizedTest
  @CsvSource({"'',''", "/,''", "a,a/", "/a/b/,a/b/", "//x,x/"})
  void prefix_isTakenWithoutSlashesAround(String given, String root) {
    assertThat(settings("one", given, null, Duration.ofMinutes(1)).root()).isEqualTo(root);
  }

  @Test
  void description_saysWhatMatters() {
    assertThat(S3Settings.of("one").description()).isEqualTo("s3://one");
    assertThat(settings("one", "a/b", "http://x:9000", Duration.ofMinutes(1)).description())
        .isEqualTo("s3://one/a/b at http://x:9000");
  }

  @Test
  void pathStyle_isUsualWithAnEndpoint() {
    assertThat(S3Settings.of("one").isPathStyle()).isFalse();
    assertThat(settings("one", "", "http://x", Duration.ofMinutes(1)).isPathStyle()).isTrue();
  }

  @Test
  void secret_isNotTold() {
    assertThat(new S3Settings.Credentials("key", "hidden", "token").toString())
        .contains("key")
        .doesNotContain("hidden")
        .doesNotContain("token");
  }

  @Test
  void whatCannotBe_isRefused() {
    Duration minute = Duration.ofMinutes(1);
    assertRefused(() -> settings("a/b", "", null, minute), "bucket", "'a/b'");
    assertRefused(() -> settings("", "", null, minute), "bucket", "''");
    assertRefused(() -> settings("one", "a//b", null, minute), "prefix", "'a//b'");
    assertRefused(() -> settings("one", "ä", null, minute), "prefix", "'ä'");
    assertRefused(() -> settings("one", "", "storage:9000", minute), "endpoint", "storage:9000");
    assertRefused(() -> settings("one", "", null, Duration.ofMillis(9)), "timeout", "PT0.009S");
  }

  private static void assertRefused(Runnable making, String property, String value) {
    assertThatThrownBy(making::run)
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-S3-0008")
        .hasMessageContaining(property)
        .hasMessageContaining(value);
  }
}
