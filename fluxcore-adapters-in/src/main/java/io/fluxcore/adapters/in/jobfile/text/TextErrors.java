package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;

/** The errors of text as such, before anything is known of its meaning. */
final class TextErrors {
  private TextErrors() {}

  static FluxCoreException syntax(String language, Place place, String problem) {
    return FluxCoreException.user(
        "FLX-JOBFILE-0004",
        place,
        "this is not valid " + language + ": " + problem,
        language.equals("YAML")
            ? "check indentation, quotes and colons here and in the line before"
            : "check commas, quotes and brackets here and in the line before");
  }

  static FluxCoreException refused(Place place, String what, String remedy) {
    return FluxCoreException.user("FLX-JOBFILE-0005", place, what, remedy);
  }

  static FluxCoreException duplicate(Place place, String key, Place first) {
    return FluxCoreException.user(
        "FLX-JOBFILE-0006",
        place,
        "'" + key + "' is there twice; the first is at " + first,
        "leave one of them out");
  }

  static FluxCoreException empty(String name) {
    return FluxCoreException.user(
        "FLX-JOBFILE-0007",
        Place.WHOLE,
        name + " is empty",
        "a job file has a 'job' and a 'topology'; see docs/job-files.md");
  }
}
