CREATE TABLE "authentications" (
	"acs_trans_id" uuid PRIMARY KEY NOT NULL,
	"directory_server" text NOT NULL,
	"ds_trans_id" uuid NOT NULL,
	"areq_tag" "bytea" NOT NULL,
	"card_id" uuid,
	"decision" text NOT NULL,
	"areq" jsonb NOT NULL,
	"ares" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cardholders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"issuer_ref" text NOT NULL,
	"names" text NOT NULL,
	"language" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cardholders_issuer_ref_unique" UNIQUE("issuer_ref")
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"number_tag" "bytea" NOT NULL,
	"number_key_id" integer NOT NULL,
	"last_four" char(4) NOT NULL,
	"status" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"wrong_codes" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"acs_trans_id" uuid PRIMARY KEY NOT NULL,
	"window_key" text,
	"state" text NOT NULL,
	"ending" text,
	"notice" text,
	"language" text NOT NULL,
	"deadline_at" timestamp (3) with time zone,
	"attempts" smallint NOT NULL,
	"sends" smallint NOT NULL,
	"interactions" smallint NOT NULL,
	"code_tag" "bytea",
	"code_key_id" integer,
	"code_expires_at" timestamp (3) with time zone,
	"last_sent_at" timestamp (3) with time zone,
	"method" text,
	"destination" text,
	"creq_digest" "bytea",
	"session_data" text,
	"message_version" text NOT NULL,
	"message_category" text NOT NULL,
	"three_ds_server_trans_id" text NOT NULL,
	"ds_trans_id" text NOT NULL,
	"directory_server" text NOT NULL,
	"ds_url" text NOT NULL,
	"notification_url" text NOT NULL,
	"purchase" jsonb NOT NULL,
	"card_id" uuid NOT NULL,
	"range" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "challenges_window_key_unique" UNIQUE("window_key")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"value_tag" "bytea" NOT NULL,
	"value_key_id" integer NOT NULL,
	"source" text NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"only" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"stage" text NOT NULL,
	CONSTRAINT "installation_one_row" CHECK ("installation"."only" = 1)
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"acs_trans_id" uuid,
	"body" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"handed_over_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"lease" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proof_facts" (
	"cardholder_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"tag" "bytea" NOT NULL,
	"key_id" integer NOT NULL,
	CONSTRAINT "proof_facts_cardholder_id_kind_pk" PRIMARY KEY("cardholder_id","kind")
);
--> statement-breakpoint
ALTER TABLE "authentications" ADD CONSTRAINT "authentications_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_acs_trans_id_authentications_acs_trans_id_fk" FOREIGN KEY ("acs_trans_id") REFERENCES "public"."authentications"("acs_trans_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_acs_trans_id_challenges_acs_trans_id_fk" FOREIGN KEY ("acs_trans_id") REFERENCES "public"."challenges"("acs_trans_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_facts" ADD CONSTRAINT "proof_facts_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "authentications_ds_trans_id" ON "authentications" USING btree ("directory_server","ds_trans_id");--> statement-breakpoint
CREATE INDEX "authentications_created_at" ON "authentications" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "cards_number_tag" ON "cards" USING btree ("number_tag");--> statement-breakpoint
CREATE INDEX "cards_cardholder" ON "cards" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "challenges_deadline" ON "challenges" USING btree ("deadline_at") WHERE "challenges"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "challenges_card" ON "challenges" USING btree ("card_id","opened_at");--> statement-breakpoint
CREATE INDEX "contacts_cardholder" ON "contacts" USING btree ("cardholder_id","kind","effective_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("next_at") WHERE "outbox"."handed_over_at" is null and "outbox"."failed_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_challenge" ON "outbox" USING btree ("acs_trans_id");