package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sources and sinks say of encrypted connections to a real server. */
@Timeout(180)
public abstract class TlsContract {
  @TempDir private static Path directory;

  /** That of the server. */
  protected static TestCertificate certificate;

  private static TestCertificate another;

  /** How a use is refused: by a code, with words of the remedy. */
  public record Refusal(String code, String remedy) {}

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificate = TestCertificate.in(directory);
    another = TestCertificate.in(Files.createDirectory(directory.resolve("another")));
  }

  /**
   * Of the connector, with an encrypted connection.
   *
   * @param trusted store of the certificates that are trusted; null: not said
   */
  protected abstract Map<String, Object> options(@Nullable Path trusted);

  /** The look at submission, and reading or writing. */
  protected abstract List<ThrowingCallable> uses(Map<String, Object> options);

  protected abstract Refusal ofUntrusted();

  protected abstract Refusal ofWrongPassword();

  @Test
  void certificateThatIsNotTrusted_isRefused_withTheRemedy() {
    assertRefused(options(another.pem()), ofUntrusted());
    assertRefused(options(null), ofUntrusted());
  }

  @Test
  void wrongPassword_isTold() {
    Map<String, Object> options = options(certificate.pem());
    options.put("password", "wrong");
    assertRefused(options, ofWrongPassword());
  }

  /** Each use is refused. */
  protected final void assertRefused(Map<String, Object> options, Refusal refusal) {
    uses(options)
        .forEach(
            use ->
                assertThatThrownBy(use)
                    .isInstanceOfSatisfying(
                        FluxCoreException.class,
                        e -> {
                          assertThat(e.category()).isEqualTo(ErrorCategory.USER);
                          assertThat(e.code()).isEqualTo(refusal.code());
                          assertThat(e.diagnostics().get(0).remedy()).contains(refusal.remedy());
                        }));
  }
}
