package io.fluxcore.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import io.fluxcore.architecture.House.Module;

/** Which module may use which, and what the two innermost may use at all. */
final class ModuleRules {

  private ModuleRules() {}

  static ArchRule arrow(House house, Module from, Module to) {
    return noClasses()
        .that()
        .resideInAPackage(house.below(from))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(house.below(to))
        .allowEmptyShould(true);
  }

  static ArchRule domainUsesOnlyTheJdk(House house) {
    return classes()
        .that()
        .resideInAPackage(house.below(Module.DOMAIN))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", house.below(Module.DOMAIN))
        .allowEmptyShould(true);
  }

  static ArchRule applicationUsesOnlyTheDomainAndTheJdk(House house) {
    return classes()
        .that()
        .resideInAPackage(house.below(Module.APPLICATION))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.net.ssl..",
            "org.jspecify..",
            house.below(Module.DOMAIN),
            house.below(Module.APPLICATION))
        .allowEmptyShould(true);
  }

  static ArchRule noPackageCycles(House house) {
    return slices()
        .matching(house.base() + ".(**)")
        .namingSlices("package $1")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }
}
