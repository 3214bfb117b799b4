package io.fluxcore.architecture;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClientLibrariesTest {

  @ParameterizedTest
  @EnumSource
  void library_staysInItsFolder(ClientLibrary library) {
    Verdict.assertObeyed(library.staysInItsFolder(House.PRODUCT), House.PRODUCT);
  }

  @ParameterizedTest
  @EnumSource
  void library_plantedViolation_isCaught(ClientLibrary library) {
    String name = library.name().toLowerCase(Locale.ROOT).replace("_", "");
    House planted = House.planted("libraries." + name);

    Verdict.assertCaught(library.staysInItsFolder(planted), planted)
        .allMatch(message -> message.contains("OutOfPlace"))
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  @Test
  void libraries_areAllInTheTable() {
    Verdict.assertObeyed(ClientLibrary.nothingElseIsUsed(House.PRODUCT), House.PRODUCT);
  }

  @Test
  void libraries_plantedUnknownOne_isCaught() {
    House planted = House.planted("libraries.unknown");

    Verdict.assertCaught(ClientLibrary.nothingElseIsUsed(planted), planted)
        .allMatch(message -> message.contains("org.assertj.core.api.Assert"))
        .noneMatch(message -> message.contains("WellBehaved"));
  }
}
