package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.lookup.FoundRows;
import io.fluxcore.adapters.out.lookup.KeyNames;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupReader;

/** Keys of Redis that rows are looked up in. */
record RedisLookup(RedisAddress address, KeyNames names, boolean isHash, Schema fields)
    implements Lookup {
  @Override
  public LookupReader createReader(String operatorId, int subtask) {
    return new RedisLookupReader(address, names, isHash, new FoundRows(fields));
  }

  @Override
  public void check() {
    try (RedisLink link = new RedisLink(address)) {
      link.ping();
    }
  }

  @Override
  public String toString() {
    return "redis lookup of " + names + " at " + address.uri();
  }
}
