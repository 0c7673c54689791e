/** The in-memory layers of the core keep every contract. */
import { articlesMemory, layerMemory, MemoryDesk, memoryStores, Ticketing } from "@opencx/core"
import { Context, Effect, Layer } from "effect"
import {
  articleStoreContract,
  blobsContract,
  consentsContract,
  contactsContract,
  conversationStoreContract,
  deliveryPartsContract,
  identityMergeContract,
  knowledgeContract,
  knowledgeSyncContract,
  messagingContract,
  secretsContract,
  supportAgentContract,
  threadsContract,
  ticketingContract,
} from "../src/index.ts"
import { memoryChat } from "./support/memoryChat.ts"
import { helpDeskOn } from "./support/memoryDesk.ts"
import { memoryPeople } from "./support/memoryPeople.ts"
import { memorySource } from "./support/memorySource.ts"

const knowledge = layerMemory.knowledge.pipe(Layer.provideMerge(articlesMemory))

conversationStoreContract("memory", layerMemory.conversationStore)
contactsContract("memory", memoryStores)
consentsContract("memory", layerMemory.consents)
deliveryPartsContract("memory", layerMemory.deliveryParts)
threadsContract("memory", memoryStores)
blobsContract("memory", layerMemory.blobs)
articleStoreContract("memory", layerMemory.articleStore)
secretsContract("memory", layerMemory.secrets)
ticketingContract(
  "memory",
  Effect.map(Layer.build(layerMemory.ticketing), (context) =>
    helpDeskOn(Context.get(context, MemoryDesk), Context.get(context, Ticketing)),
  ),
)
knowledgeContract("memory", knowledge)
knowledgeSyncContract("memory", memorySource())
supportAgentContract("memory", layerMemory.supportAgent.pipe(Layer.provideMerge(knowledge)))
messagingContract("memory", memoryChat())
identityMergeContract("memory", memoryPeople())
