package io.fluxcore.adapters.in.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class LetterFilter {
  @Option(names = "--job", paramLabel = "JOB", description = "Only those of a job, by id or name.")
  private @Nullable String job;

  @Option(
      names = "--operator",
      paramLabel = "NODE",
      description = "Only those that failed in this node.")
  private @Nullable String operator;

  @Option(
      names = "--source",
      paramLabel = "NODE",
      description = "Only those that came from this source.")
  private @Nullable String source;

  @Option(names = "--code", paramLabel = "CODE", description = "Only those with this error.")
  private @Nullable String code;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only those that failed then or later: 2026-03-01T12:00:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only those that failed before.")
  private @Nullable String to;

  /** As a query string that has one parameter already. */
  String query() {
    StringBuilder query = new StringBuilder();
    add(query, "job", job);
    add(query, "operator", operator);
    add(query, "source", source);
    add(query, "code", code);
    add(query, "from", from);
    add(query, "to", to);
    return query.toString();
  }

  private static void add(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query.append('&').append(name).append('=').append(Server.encode(value));
    }
  }

  boolean isEmpty() {
    return query().isEmpty();
  }
}
