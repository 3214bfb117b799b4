package io.fluxcore.architecture.planted.libraries.jsonschema.adapters.in.jobfile;

import com.networknt.schema.Schema;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Schema library;
}
