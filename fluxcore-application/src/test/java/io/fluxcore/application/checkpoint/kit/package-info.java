/**
 * The contract kits of checkpoint stores and registries: an adapter's test extends {@link
 * io.fluxcore.application.checkpoint.kit.CheckpointStoreContract} or {@link
 * io.fluxcore.application.checkpoint.kit.CheckpointRegistryContract} and says only how it is made.
 */
@NullMarked
package io.fluxcore.application.checkpoint.kit;

import org.jspecify.annotations.NullMarked;
