package io.fluxcore.architecture.planted.libraries.elasticsearch.adapters.out.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;

/** Allowed: a library in its folder. */
final class WellBehaved {
  ElasticsearchAsyncClient library;
}
