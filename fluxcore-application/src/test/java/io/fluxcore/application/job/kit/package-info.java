/**
 * The contract kits of stores: a store's test extends {@link
 * io.fluxcore.application.job.kit.JobStoreContract} or {@link
 * io.fluxcore.application.job.kit.OperationStoreContract}, and says only how a store is made.
 */
@NullMarked
package io.fluxcore.application.job.kit;

import org.jspecify.annotations.NullMarked;
