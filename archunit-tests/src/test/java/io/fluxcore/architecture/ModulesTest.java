package io.fluxcore.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.fluxcore.architecture.House.Module;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModulesTest {

  static Stream<Arguments> forbiddenArrows() {
    return Arrays.stream(Module.values())
        .flatMap(from -> from.mustNotUse().stream().map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @EnumSource
  void module_hasClassesUnderTest(Module module) {
    assertThat(classesOf(module)).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void module_holdsOnlyItsOwnPackages(Module module) {
    assertThat(House.PRODUCT.classes().stream().filter(type -> comesFrom(type, module)))
        .isNotEmpty()
        .allSatisfy(
            type ->
                assertThat(House.PRODUCT.relativePackageOf(type) + ".")
                    .startsWith(module.packageName + "."));
  }

  @Test
  void everyClassUnderTest_belongsToAModule() {
    assertThat(House.PRODUCT.classes())
        .allMatch(
            type -> Arrays.stream(Module.values()).anyMatch(module -> comesFrom(type, module)));
  }

  @Test
  void everyFluxCoreModuleOfTheReactor_isUnderTest() {
    List<String> known = Arrays.stream(Module.values()).map(module -> module.folder).toList();

    assertThat(Repository.modules().stream().map(module -> module.split("/")[0]).distinct())
        .filteredOn(folder -> folder.startsWith("fluxcore-"))
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void forbiddenArrows_areAllPairsButTheDrawnOnes() {
    assertThat(forbiddenArrows()).hasSize(6 * 5 - (1 + 2 + 2 + 2 + 5));
  }

  @ParameterizedTest
  @MethodSource("forbiddenArrows")
  void arrow_isNotCrossed(Module from, Module to) {
    Verdict.assertObeyed(ModuleRules.arrow(House.PRODUCT, from, to), House.PRODUCT);
  }

  @ParameterizedTest
  @MethodSource("forbiddenArrows")
  void arrow_plantedViolation_isCaught(Module from, Module to) {
    House planted = House.planted("arrows");

    Verdict.assertCaught(ModuleRules.arrow(planted, from, to), planted)
        .allMatch(message -> message.contains(planted.base() + "." + from.packageName + "."))
        .allMatch(message -> message.contains(planted.base() + "." + to.packageName + "."));
  }

  @Test
  void domain_usesOnlyTheJdk() {
    Verdict.assertObeyed(ModuleRules.domainUsesOnlyTheJdk(House.PRODUCT), House.PRODUCT);
  }

  @Test
  void domain_plantedLibrary_isCaught() {
    House planted = House.planted("technology");

    Verdict.assertCaught(ModuleRules.domainUsesOnlyTheJdk(planted), planted)
        .anyMatch(message -> message.contains("com.google.re2j.Pattern"))
        .anyMatch(message -> message.contains("javax.script.ScriptEngine"))
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  @Test
  void application_usesOnlyTheDomainAndTheJdk() {
    Verdict.assertObeyed(
        ModuleRules.applicationUsesOnlyTheDomainAndTheJdk(House.PRODUCT), House.PRODUCT);
  }

  @Test
  void application_plantedLibrary_isCaught() {
    House planted = House.planted("technology");

    Verdict.assertCaught(ModuleRules.applicationUsesOnlyTheDomainAndTheJdk(planted), planted)
        .anyMatch(message -> message.contains("org.slf4j.Logger"))
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  @Test
  void packages_haveNoCycles() {
    Verdict.assertObeyed(ModuleRules.noPackageCycles(House.PRODUCT), House.PRODUCT);
  }

  @Test
  void packages_plantedCycle_isCaught() {
    House planted = House.planted("cycle");

    Verdict.assertCaught(ModuleRules.noPackageCycles(planted), planted)
        .hasSize(1)
        .allMatch(message -> message.contains("package domain.time"))
        .allMatch(message -> message.contains("package domain.window"));
  }

  private static List<JavaClass> classesOf(Module module) {
    return House.PRODUCT.classes().stream().filter(type -> comesFrom(type, module)).toList();
  }

  private static boolean comesFrom(JavaClass type, Module module) {
    return type.getSource().orElseThrow().getUri().toString().contains("/" + module.folder + "/");
  }
}
