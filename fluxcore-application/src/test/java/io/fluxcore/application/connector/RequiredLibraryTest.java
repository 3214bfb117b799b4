package io.fluxcore.application.connector;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.error.FluxCoreException;
import org.junit.jupiter.api.Test;

final class RequiredLibraryTest {
  @Test
  void missingLibrary_namesTheDependencyToAdd() {
    assertThatThrownBy(() -> RequiredLibrary.check("no.such.Client", "no.such:client", "nosuch"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-CONN-0008")
        .hasMessageContaining("connector 'nosuch'")
        .hasMessageContaining("no.such:client");
  }

  @Test
  void presentLibrary_isFine() {
    assertThatCode(() -> RequiredLibrary.check("java.util.List", "java:base", "any"))
        .doesNotThrowAnyException();
  }
}
