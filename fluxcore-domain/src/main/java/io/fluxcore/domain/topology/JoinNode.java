package io.fluxcore.domain.topology;

/** A node that joins: two streams with each other, or one with a table outside. */
public sealed interface JoinNode extends OperatorConfig
    permits JoinConfig, LookupConfig, FullLookupConfig {}
