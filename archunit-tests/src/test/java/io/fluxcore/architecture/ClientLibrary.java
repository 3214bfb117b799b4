package io.fluxcore.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every library that main classes may use, and the folders in which they may. A new library is a
 * new row here, and a planted violation in the package of its name.
 */
enum ClientLibrary {
  /**
   * The command line prints results as JSON; dead letters and events of jobs are kept as it, and
   * rows that are looked up may be.
   */
  JACKSON(
      packages("tools.jackson", "com.fasterxml.jackson"),
      inConnectorsAnd(
          "adapters.in.cli",
          "adapters.in.format",
          "adapters.in.jobfile",
          "adapters.in.rest",
          "adapters.out.deadletter",
          "adapters.out.format",
          "adapters.out.lookup",
          "adapters.out.store")),
  YAML(
      packages("tools.jackson.dataformat.yaml", "org.snakeyaml", "org.yaml"),
      in("adapters.in.jobfile")),
  JSON_SCHEMA(packages("com.networknt"), in("adapters.in.jobfile")),
  PICOCLI(packages("picocli"), in("adapters.in.cli")),
  JLINE(packages("org.jline"), in("adapters.in.cli")),
  SPRING(packages("org.springframework"), in("adapters.in.page", "adapters.in.rest", "boot")),
  /** With it, an API for every servlet container. */
  SERVLET(packages("jakarta.servlet"), in("adapters.in.page", "adapters.in.rest", "boot")),
  MAPSTRUCT(packages("org.mapstruct"), in("adapters.in.rest")),
  FLYWAY(packages("org.flywaydb"), in("adapters.out.store")),
  HIKARI(packages("com.zaxxer.hikari"), in("adapters.out.jdbc", "adapters.out.store")),
  OSHI(packages("oshi"), in("adapters.in.hostmetrics")),
  KAFKA(
      packages("org.apache.kafka.clients", "org.apache.kafka.common"),
      in("adapters.in.kafka", "adapters.out.kafka")),
  ROCKSDB(packages("org.rocksdb"), in("adapters.out.rocksdb")),
  AWS_SDK(packages("software.amazon.awssdk"), in("adapters.out.s3")),
  /** With the network library under it. */
  LETTUCE(
      packages("io.lettuce", "io.netty"),
      in("adapters.in.redis", "adapters.out.redis", "adapters.out.redisstate")),
  /** With the HTTP client under it. */
  ELASTICSEARCH(
      packages("co.elastic.clients", "org.elasticsearch", "org.apache.http", "org.apache.hc"),
      in("adapters.out.elasticsearch")),
  /** With the data of Kafka Connect, in which it speaks. */
  DEBEZIUM(packages("io.debezium", "org.apache.kafka.connect"), in("adapters.in.cdc")),
  /** The replication protocol of MariaDB and MySQL. */
  BINLOG(packages("com.github.shyiko.mysql"), in("adapters.in.cdc")),
  AVRO(packages("org.apache.avro"), in("adapters.in.format", "adapters.out.format")),
  /** With a library of compression that it brings. */
  PARQUET(packages("org.apache.parquet", "org.xerial.snappy"), in("adapters.out.format")),
  PROTOBUF(packages("com.google.protobuf"), in("adapters.in.format", "adapters.out.format")),
  AMQP(packages("com.rabbitmq"), in("adapters.in.rabbitmq", "adapters.out.rabbitmq")),
  HIVEMQ(packages("com.hivemq"), in("adapters.in.mqtt", "adapters.out.mqtt")),
  WEBSOCKET(packages("org.java_websocket"), in("adapters.in.websocket", "adapters.out.websocket")),
  /** The HTTP server of the JDK. */
  HTTP_SERVER(packages("com.sun.net.httpserver"), in("adapters.out.sse")),
  RE2J(packages("com.google.re2j"), in("infrastructure.regex")),
  /** With its driver and the collections that it speaks in. */
  CALCITE(packages("org.apache.calcite", "com.google.common"), in("infrastructure.sql")),
  DD_SKETCH(packages("com.datadoghq.sketch"), in("infrastructure.sketch")),
  HASH4J(packages("com.dynatrace.hash4j"), in("infrastructure.sketch")),
  MICROMETER(packages("io.micrometer"), in("infrastructure.metrics", "boot.autoconfigure.metrics")),
  ZSTD(packages("com.github.luben.zstd"), in("adapters.out.format")),
  LOGGING(packages("org.slf4j", "ch.qos.logback"), in("boot"));

  private final List<String> packages;
  private final Place place;

  ClientLibrary(List<String> packages, Place place) {
    this.packages = packages;
    this.place = place;
  }

  /** Nobody outside the library's folders uses it. */
  ArchRule staysInItsFolder(House house) {
    return ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(house.base() + "..")
        .and(DescribedPredicate.not(place.in(house)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(patterns().toArray(String[]::new))
        .allowEmptyShould(true);
  }

  /** Main classes use the JDK, JSpecify, FluxCore and the libraries of this table. */
  static ArchRule nothingElseIsUsed(House house) {
    String[] known =
        Stream.concat(
                Stream.of("java..", "javax..", "org.jspecify..", house.base() + ".."),
                Arrays.stream(values()).flatMap(library -> library.patterns().stream()))
            .toArray(String[]::new);
    return ArchRuleDefinition.classes()
        .that()
        .resideInAPackage(house.base() + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known)
        .allowEmptyShould(true);
  }

  private List<String> patterns() {
    return packages.stream().map(name -> name + "..").toList();
  }

  private static List<String> packages(String... names) {
    return List.of(names);
  }

  private static Place in(String... folders) {
    return house ->
        JavaClass.Predicates.resideInAnyPackage(
            Arrays.stream(folders).map(house::below).toArray(String[]::new));
  }

  private static Place inConnectorsAnd(String... folders) {
    return house -> in(folders).in(house).or(Folders.areInAConnectorFolder(house));
  }

  /** Where in a house a library may be used. */
  @FunctionalInterface
  private interface Place {
    DescribedPredicate<JavaClass> in(House house);
  }
}
