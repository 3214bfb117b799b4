/**
 * The contract kit of connectors: a connector's test extends {@link
 * io.fluxcore.application.connector.kit.SourceConnectorContract} or {@link
 * io.fluxcore.application.connector.kit.SinkConnectorContract} and says only how its outside is set
 * up and what it lacks. That of a sink with commits extends {@link
 * io.fluxcore.application.connector.kit.TwoPhaseSinkContract} too.
 */
@NullMarked
package io.fluxcore.application.connector.kit;

import org.jspecify.annotations.NullMarked;
