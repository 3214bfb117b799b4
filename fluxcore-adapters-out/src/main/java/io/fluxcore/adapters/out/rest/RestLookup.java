package io.fluxcore.adapters.out.rest;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupReader;

/** A service that rows are looked up in. */
record RestLookup(RestOptions options, Schema fields) implements Lookup {
  @Override
  public LookupReader createReader(String operatorId, int subtask) {
    return new RestLookupReader(options, fields);
  }

  @Override
  public String toString() {
    return "rest lookup at " + options.urls();
  }
}
