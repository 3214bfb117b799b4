package io.fluxcore.architecture.planted.libraries.elasticsearch.adapters.out.file;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  ElasticsearchAsyncClient library;
}
