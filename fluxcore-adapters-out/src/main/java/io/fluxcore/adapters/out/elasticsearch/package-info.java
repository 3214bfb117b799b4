/**
 * The {@code elasticsearch} sink: rows as documents of Elasticsearch or OpenSearch, by bulk
 * requests. One public door; {@link io.fluxcore.adapters.out.elasticsearch.BulkWriter} says what is
 * sent when, {@link io.fluxcore.adapters.out.elasticsearch.Cluster} alone knows the client library.
 * May import the application, the domain, the encoders and Elastic's client.
 */
@NullMarked
package io.fluxcore.adapters.out.elasticsearch;

import org.jspecify.annotations.NullMarked;
