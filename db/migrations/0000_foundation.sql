CREATE TABLE "accounts" (
	"cardholder_id" uuid PRIMARY KEY NOT NULL,
	"sign_in_email" text,
	"sign_in_hmac" "bytea",
	"sign_in_key_id" integer,
	"user_handle" text NOT NULL,
	"terms_version" text NOT NULL,
	"terms_accepted_at" timestamp (3) with time zone NOT NULL,
	"terms_announced" text DEFAULT '' NOT NULL,
	"enrolled_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "activation_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"hmac" "bytea" NOT NULL,
	"key_id" integer NOT NULL,
	"tries" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "approval_devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"kind" text DEFAULT 'app' NOT NULL,
	"name" text NOT NULL,
	"platform" text NOT NULL,
	"public_key" jsonb,
	"thumbprint" text,
	"passkey_id" uuid,
	"secret_digest" "bytea",
	"subscription" jsonb,
	"inquired_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "confirmations" (
	"visit" "bytea" NOT NULL,
	"purpose" text NOT NULL,
	"cardholder_id" uuid,
	"channel" text NOT NULL,
	"destination" text NOT NULL,
	"code_hmac" "bytea" NOT NULL,
	"code_key_id" integer NOT NULL,
	"earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"attempts" smallint NOT NULL,
	"sends" smallint NOT NULL,
	"message_id" uuid,
	"code_expires_at" timestamp (3) with time zone NOT NULL,
	"last_sent_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "confirmations_visit_purpose_pk" PRIMARY KEY("visit","purpose")
);
--> statement-breakpoint
CREATE TABLE "consecutive_failures" (
	"subject" "bytea" NOT NULL,
	"budget" text NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "consecutive_failures_subject_budget_pk" PRIMARY KEY("subject","budget")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"visit" "bytea" NOT NULL,
	"form" text NOT NULL,
	"body" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "drafts_visit_form_pk" PRIMARY KEY("visit","form")
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
CREATE TABLE "known_devices" (
	"cardholder_id" uuid NOT NULL,
	"digest" "bytea" NOT NULL,
	"first_seen_at" timestamp (3) with time zone,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "known_devices_cardholder_id_digest_pk" PRIMARY KEY("cardholder_id","digest")
);
--> statement-breakpoint
CREATE TABLE "pairing_codes" (
	"cardholder_id" uuid PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"hmac" "bytea" NOT NULL,
	"key_id" integer NOT NULL,
	"code" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
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
	"confirms_payments" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
CREATE TABLE "preferences" (
	"cardholder_id" uuid PRIMARY KEY NOT NULL,
	"language" text,
	"personal_message" text,
	"preferred_method" text,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"secret_digest" "bytea" NOT NULL,
	"method" text NOT NULL,
	"device" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"strong_at" timestamp (3) with time zone,
	"proof_since" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"reported_at" timestamp (3) with time zone
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
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"subject_kind" text NOT NULL,
	"subject" text NOT NULL,
	"window_at" timestamp (3) with time zone NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"count" integer NOT NULL,
	"card_id" uuid,
	"cardholder_id" uuid,
	"authentication_id" uuid,
	"nonce" text NOT NULL,
	"acknowledged_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"confirmed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"subject" uuid,
	"card" uuid,
	"ref" uuid,
	"fields" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_retention" (
	"type" text PRIMARY KEY NOT NULL,
	"days" integer NOT NULL,
	CONSTRAINT "audit_retention_least" CHECK ("audit_retention"."days" >= 30)
);
--> statement-breakpoint
CREATE TABLE "audit_subjects" (
	"cardholder_id" uuid PRIMARY KEY NOT NULL,
	"subject" uuid NOT NULL,
	CONSTRAINT "audit_subjects_subject_unique" UNIQUE("subject")
);
--> statement-breakpoint
CREATE TABLE "cardholders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"issuer_ref" text NOT NULL,
	"names" text NOT NULL,
	"language" text NOT NULL,
	"report_open_since" timestamp (3) with time zone,
	"disputed_since" timestamp (3) with time zone,
	"wrong_facts" smallint DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cardholders_issuer_ref_unique" UNIQUE("issuer_ref")
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"number_hmac" "bytea" NOT NULL,
	"number_key_id" integer NOT NULL,
	"last_four" char(4) NOT NULL,
	"status" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"codes_unlocked_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "change_reports" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"change_id" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "contact_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"outcome" text,
	"value" text NOT NULL,
	"masked" text NOT NULL,
	"attempts" smallint NOT NULL,
	"sends" smallint NOT NULL,
	"code_hmac" "bytea",
	"code_key_id" integer,
	"earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"code_expires_at" timestamp (3) with time zone NOT NULL,
	"last_sent_at" timestamp (3) with time zone NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"effective_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"reported_at" timestamp (3) with time zone,
	"challenge_id" uuid,
	"contact_id" uuid
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"value_hmac" "bytea" NOT NULL,
	"value_key_id" integer NOT NULL,
	"source" text NOT NULL,
	"effective_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"provisional_since" timestamp (3) with time zone,
	"frozen_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "identity_reports" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"event" text NOT NULL,
	"alert_id" uuid,
	"happened_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "proof_facts" (
	"cardholder_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"hmac" "bytea" NOT NULL,
	"key_id" integer NOT NULL,
	CONSTRAINT "proof_facts_cardholder_id_kind_pk" PRIMARY KEY("cardholder_id","kind")
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"about" text NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolution" text,
	"resolved_by" text
);
--> statement-breakpoint
CREATE TABLE "deployment" (
	"only" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"mode" text NOT NULL,
	CONSTRAINT "deployment_one_row" CHECK ("deployment"."only" = 1)
);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"role" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"round_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "key_fingerprints" (
	"purpose" text NOT NULL,
	"key_id" integer NOT NULL,
	"fingerprint" text NOT NULL,
	"disused_at" timestamp (3) with time zone,
	CONSTRAINT "key_fingerprints_purpose_key_id_pk" PRIMARY KEY("purpose","key_id")
);
--> statement-breakpoint
CREATE TABLE "operation_sequences" (
	"directory_server" text NOT NULL,
	"seq_id" uuid NOT NULL,
	"total" smallint NOT NULL,
	"latest" smallint NOT NULL,
	"broken" boolean NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "operation_sequences_directory_server_seq_id_pk" PRIMARY KEY("directory_server","seq_id")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"host" text DEFAULT '' NOT NULL,
	"challenge_id" uuid,
	"cardholder_id" uuid,
	"about_id" uuid,
	"template" text,
	"body" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"handed_over_at" timestamp (3) with time zone,
	"gateway" text,
	"gateway_ref" text,
	"delivered_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"lease" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "app_channels" (
	"challenge_id" uuid PRIMARY KEY NOT NULL,
	"sdk_trans_id" text NOT NULL,
	"secret" text,
	"sdk_counter" smallint DEFAULT 0 NOT NULL,
	"acs_counter" smallint DEFAULT 0 NOT NULL,
	"rendering" jsonb NOT NULL,
	"shown" text
);
--> statement-breakpoint
CREATE TABLE "approval_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"challenge_id" uuid NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"nonce" "bytea" NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"device_id" uuid,
	"evidence" jsonb
);
--> statement-breakpoint
CREATE TABLE "authentications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"acs_trans_id" uuid NOT NULL,
	"directory_server" text NOT NULL,
	"ds_trans_id" uuid NOT NULL,
	"areq_hmac" "bytea" NOT NULL,
	"card_id" uuid,
	"decision" text NOT NULL,
	"areq" jsonb NOT NULL,
	"ares" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"risk" jsonb
);
--> statement-breakpoint
CREATE TABLE "card_browsers" (
	"card_id" uuid NOT NULL,
	"device_digest" "bytea" NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"first_seen_at" timestamp (3) with time zone,
	"method" text,
	CONSTRAINT "card_browsers_card_id_device_digest_pk" PRIMARY KEY("card_id","device_digest")
);
--> statement-breakpoint
CREATE TABLE "challenge_proofs" (
	"challenge_id" uuid NOT NULL,
	"method" text NOT NULL,
	"state" text NOT NULL,
	"destination" text,
	"code_hmac" "bytea",
	"code_key_id" integer,
	"earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"request" text,
	"nonce" "bytea",
	"evidence" jsonb,
	"facts" text[],
	"facts_proved_at" timestamp (3) with time zone,
	"draft" text,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"proved_at" timestamp (3) with time zone,
	CONSTRAINT "challenge_proofs_challenge_id_method_pk" PRIMARY KEY("challenge_id","method")
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"acs_trans_id" uuid NOT NULL,
	"state" text NOT NULL,
	"outcome" text,
	"preference" text DEFAULT 'code' NOT NULL,
	"on_device" boolean DEFAULT false NOT NULL,
	"notice" text,
	"language" text NOT NULL,
	"deadline_at" timestamp (3) with time zone,
	"attempts" smallint NOT NULL,
	"sends" smallint NOT NULL,
	"interactions" smallint NOT NULL,
	"selected" text[] DEFAULT '{}' NOT NULL,
	"out_of_band" text[] DEFAULT '{}' NOT NULL,
	"lost_contacts" text[] DEFAULT '{}' NOT NULL,
	"code_expires_at" timestamp (3) with time zone,
	"last_sent_at" timestamp (3) with time zone,
	"creq_digest" "bytea",
	"session_data" text,
	"opened_as" text,
	"message_version" text NOT NULL,
	"message_category" text NOT NULL,
	"three_ds_server_trans_id" text NOT NULL,
	"ds_trans_id" text NOT NULL,
	"directory_server" text NOT NULL,
	"ds_url" text NOT NULL,
	"notification_url" text NOT NULL,
	"purchase" jsonb NOT NULL,
	"requestor_id" text DEFAULT '' NOT NULL,
	"network_hmac" "bytea",
	"device_digest" "bytea",
	"trust_asked" boolean DEFAULT false NOT NULL,
	"trust_wanted" boolean DEFAULT false NOT NULL,
	"card_id" uuid NOT NULL,
	"range" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"reported_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "method_results" (
	"three_ds_server_trans_id" uuid PRIMARY KEY NOT NULL,
	"device_digest" "bytea",
	"user_agent_digest" "bytea" NOT NULL,
	"time_zone" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transaction_ids" (
	"authentication_id" uuid PRIMARY KEY NOT NULL,
	"directory_server" text NOT NULL,
	"ds_trans_id" uuid NOT NULL,
	"acs_trans_id" uuid,
	"window_key" text
);
--> statement-breakpoint
CREATE TABLE "trusted_merchants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cardholder_id" uuid NOT NULL,
	"directory_server" text NOT NULL,
	"acquirer_bin" text NOT NULL,
	"acquirer_merchant_id" text NOT NULL,
	"merchant_name" text NOT NULL,
	"trusted_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "risk_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"card_id" uuid,
	"event" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "risk_rows" (
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"row" json NOT NULL,
	"kept_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "risk_rows_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
CREATE TABLE "risk_policies" (
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"tested_at" timestamp (3) with time zone,
	"replay" jsonb,
	"use" text,
	"used_since" timestamp (3) with time zone,
	CONSTRAINT "risk_policies_policy_id_version_pk" PRIMARY KEY("policy_id","version"),
	CONSTRAINT "risk_policies_size" CHECK (octet_length("risk_policies"."document") <= 600000),
	CONSTRAINT "risk_policies_use_tested" CHECK ("risk_policies"."use" is null or "risk_policies"."tested_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "risk_policy_signatures" (
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"signer" text NOT NULL,
	"signature" "bytea" NOT NULL,
	"signed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "risk_policy_signatures_policy_id_version_signer_pk" PRIMARY KEY("policy_id","version","signer"),
	CONSTRAINT "risk_policy_signatures_size" CHECK (octet_length("risk_policy_signatures"."signature") <= 128)
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "activation_codes" ADD CONSTRAINT "activation_codes_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_devices" ADD CONSTRAINT "approval_devices_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_devices" ADD CONSTRAINT "approval_devices_passkey_id_passkeys_id_fk" FOREIGN KEY ("passkey_id") REFERENCES "public"."passkeys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "confirmations" ADD CONSTRAINT "confirmations_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_activation_code_id_activation_codes_id_fk" FOREIGN KEY ("activation_code_id") REFERENCES "public"."activation_codes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pairing_codes" ADD CONSTRAINT "pairing_codes_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pairing_codes" ADD CONSTRAINT "pairing_codes_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "preferences" ADD CONSTRAINT "preferences_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_subjects" ADD CONSTRAINT "audit_subjects_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_reports" ADD CONSTRAINT "change_reports_change_id_contact_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."contact_changes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD CONSTRAINT "contact_changes_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_changes" ADD CONSTRAINT "contact_changes_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_reports" ADD CONSTRAINT "identity_reports_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_facts" ADD CONSTRAINT "proof_facts_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_requests" ADD CONSTRAINT "approval_requests_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_requests" ADD CONSTRAINT "approval_requests_device_id_approval_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."approval_devices"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "authentications" ADD CONSTRAINT "authentications_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_browsers" ADD CONSTRAINT "card_browsers_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_card_id_cards_id_fk" FOREIGN KEY ("card_id") REFERENCES "public"."cards"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trusted_merchants" ADD CONSTRAINT "trusted_merchants_cardholder_id_cardholders_id_fk" FOREIGN KEY ("cardholder_id") REFERENCES "public"."cardholders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risk_policy_signatures" ADD CONSTRAINT "risk_policy_signatures_policy" FOREIGN KEY ("policy_id","version") REFERENCES "public"."risk_policies"("policy_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_sign_in_hmac" ON "accounts" USING btree ("sign_in_hmac");--> statement-breakpoint
CREATE INDEX "accounts_terms_announced" ON "accounts" USING btree ("terms_announced");--> statement-breakpoint
CREATE UNIQUE INDEX "activation_codes_hmac" ON "activation_codes" USING btree ("hmac");--> statement-breakpoint
CREATE INDEX "activation_codes_cardholder" ON "activation_codes" USING btree ("cardholder_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approval_devices_thumbprint" ON "approval_devices" USING btree ("thumbprint") WHERE "approval_devices"."removed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_devices_secret" ON "approval_devices" USING btree ("secret_digest");--> statement-breakpoint
CREATE INDEX "approval_devices_cardholder" ON "approval_devices" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "approval_devices_endpoint" ON "approval_devices" USING btree (("subscription"->>'endpoint')) WHERE "approval_devices"."subscription" is not null;--> statement-breakpoint
CREATE INDEX "approval_devices_passkey" ON "approval_devices" USING btree ("passkey_id");--> statement-breakpoint
CREATE INDEX "confirmations_expires_at" ON "confirmations" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "confirmations_cardholder" ON "confirmations" USING btree ("cardholder_id") WHERE "confirmations"."cardholder_id" is not null;--> statement-breakpoint
CREATE INDEX "consecutive_failures_last_at" ON "consecutive_failures" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "drafts_expires_at" ON "drafts" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "enrolments_expires_at" ON "enrolments" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "enrolments_cardholder" ON "enrolments" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "enrolments_activation_code" ON "enrolments" USING btree ("activation_code_id");--> statement-breakpoint
CREATE UNIQUE INDEX "identities_cardholder" ON "identities" USING btree ("cardholder_id","issuer");--> statement-breakpoint
CREATE UNIQUE INDEX "pairing_codes_hmac" ON "pairing_codes" USING btree ("hmac");--> statement-breakpoint
CREATE INDEX "pairing_codes_expires_at" ON "pairing_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "pairing_codes_session" ON "pairing_codes" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "passkey_challenges_expires_at" ON "passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "passkeys_cardholder" ON "passkeys" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "sessions_cardholder" ON "sessions" USING btree ("cardholder_id","created_at");--> statement-breakpoint
CREATE INDEX "tallies_begins_at" ON "tallies" USING btree ("begins_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_once" ON "alerts" USING btree ("subject_kind","subject","rule","window_at");--> statement-breakpoint
CREATE INDEX "alerts_raised_at" ON "alerts" USING btree ("raised_at");--> statement-breakpoint
CREATE INDEX "alerts_card" ON "alerts" USING btree ("card_id");--> statement-breakpoint
CREATE INDEX "alerts_cardholder" ON "alerts" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "audit_events_subject" ON "audit_events" USING btree ("subject","at") WHERE "audit_events"."subject" is not null;--> statement-breakpoint
CREATE INDEX "audit_events_type" ON "audit_events" USING btree ("type","at");--> statement-breakpoint
CREATE UNIQUE INDEX "cards_number_hmac" ON "cards" USING btree ("number_hmac");--> statement-breakpoint
CREATE INDEX "cards_cardholder" ON "cards" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "change_reports_change" ON "change_reports" USING btree ("change_id");--> statement-breakpoint
CREATE INDEX "contact_changes_cardholder" ON "contact_changes" USING btree ("cardholder_id","requested_at");--> statement-breakpoint
CREATE INDEX "contact_changes_challenge" ON "contact_changes" USING btree ("challenge_id") WHERE "contact_changes"."challenge_id" is not null;--> statement-breakpoint
CREATE INDEX "contact_changes_contact" ON "contact_changes" USING btree ("contact_id") WHERE "contact_changes"."contact_id" is not null;--> statement-breakpoint
CREATE INDEX "contacts_cardholder" ON "contacts" USING btree ("cardholder_id","kind","effective_at");--> statement-breakpoint
CREATE INDEX "identity_reports_cardholder" ON "identity_reports" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "reports_cardholder" ON "reports" USING btree ("cardholder_id","reported_at");--> statement-breakpoint
CREATE INDEX "reports_open" ON "reports" USING btree ("reported_at") WHERE "reports"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "operation_sequences_received_at" ON "operation_sequences" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("kind","host","next_at") WHERE "outbox"."handed_over_at" is null and "outbox"."failed_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_challenge" ON "outbox" USING btree ("challenge_id");--> statement-breakpoint
CREATE INDEX "outbox_about" ON "outbox" USING btree ("about_id");--> statement-breakpoint
CREATE INDEX "outbox_cardholder" ON "outbox" USING btree ("cardholder_id","created_at");--> statement-breakpoint
CREATE INDEX "app_channels_secret" ON "app_channels" USING btree ("challenge_id") WHERE "app_channels"."secret" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "approval_requests_open" ON "approval_requests" USING btree ("cardholder_id") WHERE "approval_requests"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "approval_requests_cardholder" ON "approval_requests" USING btree ("cardholder_id","created_at");--> statement-breakpoint
CREATE INDEX "approval_requests_challenge" ON "approval_requests" USING btree ("challenge_id");--> statement-breakpoint
CREATE INDEX "approval_requests_device" ON "approval_requests" USING btree ("device_id") WHERE "approval_requests"."device_id" is not null;--> statement-breakpoint
CREATE INDEX "authentications_card" ON "authentications" USING btree ("card_id") WHERE "authentications"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "card_browsers_seen_at" ON "card_browsers" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "challenges_deadline" ON "challenges" USING btree ("deadline_at") WHERE "challenges"."state" <> 'ended';--> statement-breakpoint
CREATE INDEX "challenges_card" ON "challenges" USING btree ("card_id","opened_at");--> statement-breakpoint
CREATE INDEX "method_results_created_at" ON "method_results" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "transaction_ids_ds_trans_id" ON "transaction_ids" USING btree ("directory_server","ds_trans_id");--> statement-breakpoint
CREATE UNIQUE INDEX "transaction_ids_acs_trans_id" ON "transaction_ids" USING btree ("acs_trans_id") WHERE "transaction_ids"."acs_trans_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "transaction_ids_window_key" ON "transaction_ids" USING btree ("window_key") WHERE "transaction_ids"."window_key" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "trusted_merchants_merchant" ON "trusted_merchants" USING btree ("cardholder_id","directory_server","acquirer_bin","acquirer_merchant_id") WHERE "trusted_merchants"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "trusted_merchants_cardholder" ON "trusted_merchants" USING btree ("cardholder_id");--> statement-breakpoint
CREATE INDEX "risk_events_card" ON "risk_events" USING btree ("card_id","id") WHERE "risk_events"."card_id" is not null;--> statement-breakpoint
CREATE INDEX "risk_rows_kept_until" ON "risk_rows" USING btree ("kept_until");--> statement-breakpoint
CREATE UNIQUE INDEX "risk_policies_use" ON "risk_policies" USING btree ("use") WHERE "risk_policies"."use" is not null;--> statement-breakpoint
-- Tables that grow without end are RANGE-partitioned by id, a month in each partition (docs/decisions/0034). Drizzle does not know
-- partitions: each table is made again from what it generated above, which is still empty.
DO $$
DECLARE
	parent text;
	statement text;
	statements text[];
BEGIN
	FOREACH parent IN ARRAY ARRAY['authentications', 'challenges', 'outbox', 'audit_events'] LOOP
		statements := ARRAY(
			SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', parent, conname, pg_get_constraintdef(oid))
			FROM pg_constraint WHERE conrelid = parent::regclass AND contype IN ('p', 'f')
		) || ARRAY(
			SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = parent::regclass AND NOT indisprimary
		);
		EXECUTE format('ALTER TABLE %I RENAME TO generated', parent);
		EXECUTE format('CREATE TABLE %I (LIKE generated INCLUDING DEFAULTS) PARTITION BY RANGE (id)', parent);
		DROP TABLE generated;
		FOREACH statement IN ARRAY statements LOOP EXECUTE statement; END LOOP;
	END LOOP;
END
$$;--> statement-breakpoint
-- Partitions have a schema of their own, in which the run-time role has no rights: it reaches their rows through the tables alone.
CREATE SCHEMA "partitions";--> statement-breakpoint
-- Take rows whose month has no partition, so that none is lost.
CREATE TABLE "partitions"."authentications_rest" PARTITION OF "authentications" DEFAULT;--> statement-breakpoint
CREATE TABLE "partitions"."challenges_rest" PARTITION OF "challenges" DEFAULT;--> statement-breakpoint
CREATE TABLE "partitions"."outbox_rest" PARTITION OF "outbox" DEFAULT;--> statement-breakpoint
CREATE TABLE "partitions"."audit_events_rest" PARTITION OF "audit_events" DEFAULT;--> statement-breakpoint
-- In place of foreign keys to partitioned tables, which would have every dropped month compared with all that refers to it.
CREATE FUNCTION "delete_challenge_of_authentication"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM challenges WHERE id = OLD.id;
	DELETE FROM transaction_ids WHERE authentication_id = OLD.id;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "authentications_challenge" AFTER DELETE ON "authentications" FOR EACH ROW EXECUTE FUNCTION "delete_challenge_of_authentication"();--> statement-breakpoint
CREATE FUNCTION "delete_parts_of_challenge"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM challenge_proofs WHERE challenge_id = OLD.id;
	DELETE FROM app_channels WHERE challenge_id = OLD.id;
	DELETE FROM approval_requests WHERE challenge_id = OLD.id;
	DELETE FROM outbox WHERE challenge_id = OLD.id;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "challenges_parts" AFTER DELETE ON "challenges" FOR EACH ROW EXECUTE FUNCTION "delete_parts_of_challenge"();--> statement-breakpoint
-- The rest is written by hand. audit_events is append-only for every role: rows are never changed, and none is removed before
-- the days of its type are over by the database's own clock, which the product cannot move.
CREATE FUNCTION "audit_events_append_only"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'DELETE' AND EXISTS (
		SELECT FROM audit_retention WHERE type = OLD.type AND OLD.at < clock_timestamp() - make_interval(days => days)
	) THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER "audit_events_append_only" BEFORE UPDATE OR DELETE ON "audit_events" FOR EACH ROW EXECUTE FUNCTION "audit_events_append_only"();--> statement-breakpoint
CREATE TRIGGER "audit_events_no_truncate" BEFORE TRUNCATE ON "audit_events" FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_append_only"();--> statement-breakpoint
-- Retention, for a run-time role that may not delete: it runs as the owner of the tables.
CREATE FUNCTION "purge_audit_events"("most" integer) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH gone AS (
		DELETE FROM audit_events WHERE id IN (
			SELECT old.id FROM audit_retention CROSS JOIN LATERAL (
				SELECT id FROM audit_events
				WHERE type = audit_retention.type AND at < clock_timestamp() - make_interval(days => days)
				ORDER BY at LIMIT most FOR UPDATE SKIP LOCKED
			) AS old LIMIT most
		) RETURNING 1
	)
	SELECT count(*)::integer FROM gone
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "purge_audit_events"(integer) FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER "audit_events_no_truncate" BEFORE TRUNCATE ON "partitions"."audit_events_rest" FOR EACH STATEMENT EXECUTE FUNCTION "audit_events_append_only"();--> statement-breakpoint
-- The smallest UUIDv7 of a time: domain/kernel/first-id.ts.
CREATE FUNCTION "first_id_at"("at" timestamp with time zone) RETURNS uuid LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
	SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;--> statement-breakpoint
-- Makes the partition of a table for the month, in UTC, of a time. `rest`: rows of that month are in the default partition already
-- and stay there. Attaching lets reads and writes of the table go on; a lock that is not free within a second is tried for again later.
CREATE FUNCTION "make_partition"("parent" text, "at" timestamp with time zone) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
	month constant timestamptz := date_trunc('month', at, 'UTC');
	low constant uuid := public.first_id_at(month);
	high constant uuid := public.first_id_at(date_trunc('month', month + interval '32 days', 'UTC'));
	name constant text := parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
	occupied boolean;
BEGIN
	IF parent NOT IN ('authentications', 'challenges', 'outbox', 'audit_events') THEN
		RAISE EXCEPTION '% has no partitions', parent USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM pg_advisory_xact_lock(7317332);
	IF to_regclass(format('partitions.%I', name)) IS NOT NULL THEN RETURN 'known'; END IF;
	EXECUTE format('SELECT EXISTS (SELECT FROM partitions.%I WHERE id >= $1 AND id < $2)', parent || '_rest')
		INTO occupied USING low, high;
	IF occupied THEN RETURN 'rest'; END IF;
	EXECUTE format('CREATE TABLE partitions.%I (LIKE public.%I INCLUDING ALL)', name, parent);
	IF parent = 'audit_events' THEN
		EXECUTE format('CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON partitions.%I
			FOR EACH STATEMENT EXECUTE FUNCTION public.audit_events_append_only()', name);
	END IF;
	EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION partitions.%I FOR VALUES FROM (%L) TO (%L)', parent, name, low, high);
	RETURN 'made';
END
$$;--> statement-breakpoint
-- Drops a partition, unless something in it must be kept. Payments are kept for as long as the events about them, by the database's
-- own clock, as in purge_audit_events. What belongs to rows of the partition must be gone: children are dropped first.
CREATE FUNCTION "drop_partition"("name" text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
	parent constant text := substring(name FROM '^(authentications|challenges|outbox|audit_events)_\d{4}_\d\d$');
	month constant timestamptz := make_timestamptz(
		substring(name FROM '_(\d{4})_\d\d$')::integer, substring(name FROM '_(\d\d)$')::integer, 1, 0, 0, 0, 'UTC'
	);
	past constant timestamptz := date_trunc('month', month + interval '32 days', 'UTC');
	low constant uuid := public.first_id_at(month);
	high constant uuid := public.first_id_at(past);
	kept boolean;
BEGIN
	IF parent IS NULL THEN
		RAISE EXCEPTION '% is no partition of a month', name USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM pg_advisory_xact_lock(7317332);
	IF to_regclass(format('partitions.%I', name)) IS NULL THEN RETURN false; END IF;
	IF parent <> 'audit_events' AND NOT EXISTS (
		SELECT FROM public.audit_retention WHERE type = 'payment-decided' AND past < clock_timestamp() - make_interval(days => days)
	) THEN
		RETURN false;
	END IF;
	EXECUTE format(CASE parent
		WHEN 'audit_events' THEN
			'SELECT EXISTS (SELECT FROM partitions.%I AS event LEFT JOIN public.audit_retention USING (type)
				WHERE days IS NULL OR event.at >= clock_timestamp() - make_interval(days => days))
				OR $2 > public.first_id_at(clock_timestamp())'
		WHEN 'outbox' THEN
			'SELECT EXISTS (SELECT FROM partitions.%I WHERE handed_over_at IS NULL AND failed_at IS NULL)'
		WHEN 'challenges' THEN
			'SELECT EXISTS (SELECT FROM partitions.%I WHERE state <> ''ended'')
				OR EXISTS (SELECT FROM public.challenge_proofs WHERE challenge_id >= $1 AND challenge_id < $2)
				OR EXISTS (SELECT FROM public.app_channels WHERE challenge_id >= $1 AND challenge_id < $2)
				OR EXISTS (SELECT FROM public.approval_requests WHERE challenge_id >= $1 AND challenge_id < $2)
				OR EXISTS (SELECT FROM public.outbox WHERE challenge_id >= $1 AND challenge_id < $2
					AND handed_over_at IS NULL AND failed_at IS NULL)'
		ELSE
			'SELECT EXISTS (SELECT FROM partitions.%I) AND EXISTS (SELECT FROM public.challenges WHERE id >= $1 AND id < $2)'
	END, name) INTO kept USING low, high;
	IF kept THEN RETURN false; END IF;
	EXECUTE format('DROP TABLE partitions.%I', name);
	RETURN true;
END
$$;--> statement-breakpoint
REVOKE ALL ON FUNCTION "make_partition"(text, timestamp with time zone), "drop_partition"(text) FROM PUBLIC;--> statement-breakpoint
-- What is remembered of a card is deleted with it.
CREATE FUNCTION "delete_history_of_card"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM risk_rows WHERE kind = 'card' AND key = OLD.id::text;
	DELETE FROM risk_events WHERE card_id = OLD.id;
	RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "cards_history" AFTER DELETE ON "cards" FOR EACH ROW EXECUTE FUNCTION "delete_history_of_card"();--> statement-breakpoint
-- Authentications refer to versions of policies, and signatures are of their documents: a version never
-- changes, and is never removed.
CREATE FUNCTION "risk_policies_immutable"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND (NEW.policy_id, NEW.version, NEW.document, NEW.digest, NEW.added_at)
		IS NOT DISTINCT FROM (OLD.policy_id, OLD.version, OLD.document, OLD.digest, OLD.added_at) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'a version of a risk policy does not change' USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER "risk_policies_immutable" BEFORE UPDATE OR DELETE ON "risk_policies" FOR EACH ROW EXECUTE FUNCTION "risk_policies_immutable"();--> statement-breakpoint
CREATE TRIGGER "risk_policies_no_truncate" BEFORE TRUNCATE ON "risk_policies" FOR EACH STATEMENT EXECUTE FUNCTION "risk_policies_immutable"();
