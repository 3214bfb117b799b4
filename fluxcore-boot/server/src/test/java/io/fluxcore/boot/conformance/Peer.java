package io.fluxcore.boot.conformance;

import io.fluxcore.domain.window.Touching;
import java.util.Locale;

/** The project that a case comes from, as far as its windows have rules of their own. */
enum Peer {
  APACHE_BEAM,
  HAZELCAST_JET,

  /** What FluxCore has unless told otherwise: the rules of Flink. */
  OTHER;

  static Peer of(ConformanceCase tested) {
    String repository = tested.json().path("origin").path("repo").asString("");
    return switch (repository.toLowerCase(Locale.ROOT)) {
      case "apache/beam" -> APACHE_BEAM;
      case "hazelcast/hazelcast-jet", "hazelcast/hazelcast" -> HAZELCAST_JET;
      default -> OTHER;
    };
  }

  /** What becomes there of sessions that touch. */
  Touching touching() {
    return this == OTHER ? Touching.MERGE : Touching.SEPARATE;
  }
}
