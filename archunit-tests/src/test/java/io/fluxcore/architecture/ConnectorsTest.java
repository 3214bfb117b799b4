package io.fluxcore.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectorsTest {

  private static final House DOORS = House.planted("doors");

  @Test
  void connectors_haveOnePublicDoor() {
    Verdict.assertObeyed(ConnectorRules.onePublicDoor(House.PRODUCT), House.PRODUCT);
  }

  @Test
  void connectors_areEnteredByTheirDoor() {
    Verdict.assertObeyed(ConnectorRules.onlyTheDoorIsUsed(House.PRODUCT), House.PRODUCT);
  }

  @Test
  void secondDoor_isCaught() {
    assertThat(Verdict.violations(ConnectorRules.onePublicDoor(DOORS), DOORS))
        .contains("adapters.in.twodoors has 2 public doors [FirstConnector, SecondConnector]");
  }

  @Test
  void missingDoor_isCaught() {
    assertThat(Verdict.violations(ConnectorRules.onePublicDoor(DOORS), DOORS))
        .contains("adapters.out.nodoor has 0 public doors []");
  }

  @Test
  void doorThatImplementsNothing_isCaught() {
    assertThat(Verdict.violations(ConnectorRules.onePublicDoor(DOORS), DOORS))
        .anyMatch(message -> message.contains("strange.StrangeThing implements no connector of "));
  }

  @Test
  void doorThatImplementsAnotherTypeOfTheSpi_isCaught() {
    assertThat(Verdict.violations(ConnectorRules.onePublicDoor(DOORS), DOORS))
        .anyMatch(message -> message.contains("reader.PublicReader implements no connector of "));
  }

  @Test
  void orderlyConnectorsAndListedFolders_areAllowed() {
    Verdict.assertCaught(ConnectorRules.onePublicDoor(DOORS), DOORS)
        .noneMatch(message -> message.contains("orderly"))
        .noneMatch(message -> message.contains("jobfile"))
        .hasSize(4);
  }

  @Test
  void sideEntrance_isCaught() {
    Verdict.assertCaught(ConnectorRules.onlyTheDoorIsUsed(DOORS), DOORS)
        .allMatch(message -> message.contains("EntersByTheWindow"))
        .allMatch(message -> message.contains("orderly.decoder.Decoder"));
  }
}
