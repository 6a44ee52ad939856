CREATE TABLE "activation_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"tag" "bytea" NOT NULL,
	"key_id" integer NOT NULL,
	"tries" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "confirmations" (
	"visit" "bytea" NOT NULL,
	"purpose" text NOT NULL,
	"cardholder_id" uuid,
	"channel" text NOT NULL,
	"destination" text NOT NULL,
	"code_tag" "bytea" NOT NULL,
	"code_key_id" integer NOT NULL,
	"attempts" smallint NOT NULL,
	"sends" smallint NOT NULL,
	"code_expires_at" timestamp (3) with time zone NOT NULL,
	"last_sent_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "confirmations_visit_purpose_pk" PRIMARY KEY("visit","purpose")
);
--> statement-breakpoint
CREATE TABLE "enrolments" (
	"visit" "bytea" PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"activation_code_id" uuid NOT NULL,
	"step" text NOT NULL,
	"email" text,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"issuer" text NOT NULL,
	"subject" text NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"linked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "identities_issuer_subject_pk" PRIMARY KEY("issuer","subject")
);
--> statement-breakpoint
CREATE TABLE "passkey_challenges" (
	"visit" "bytea" NOT NULL,
	"purpose" text NOT NULL,
	"challenge" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "passkey_challenges_visit_purpose_pk" PRIMARY KEY("visit","purpose")
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" jsonb NOT NULL,
	"name" text NOT NULL,
	"synced" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "tallies" (
	"name" text NOT NULL,
	"subject" "bytea" NOT NULL,
	"begins_at" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "tallies_name_subject_begins_at_pk" PRIMARY KEY("name","subject","begins_at")
);
--> statement-breakpoint
ALTER TABLE "activation_codes" ADD CONSTRAINT "activation_codes_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmations" ADD CONSTRAINT "confirmations_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_activation_code_id_activation_codes_id_fk" FOREIGN KEY ("activation_code_id") REFERENCES "public"."activation_codes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "activation_codes_tag" ON "activation_codes" USING btree ("tag");--> statement-breakpoint
CREATE INDEX "activation_codes_cardholder" ON "activation_codes" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "confirmations_expires_at" ON "confirmations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "enrolments_expires_at" ON "enrolments" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "identities_cardholder" ON "identities" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "passkey_challenges_expires_at" ON "passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "passkeys_cardholder" ON "passkeys" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "tallies_begins_at" ON "tallies" USING btree ("begins_at");