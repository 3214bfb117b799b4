package io.fluxcore.adapters.in.rest;

/** Job files for tests. */
public final class JobFiles {
  public static final String YAML = "application/yaml";

  private JobFiles() {}

  /** A job that could run. */
  public static String of(String name) {
    return """
    job:
      name: %s
    topology:
      - name: in
        source:
          connector: acme
          url: ${url:here}
      - name: out
        sink:
          connector: console
    """
        .formatted(name);
  }
}
