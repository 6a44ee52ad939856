CREATE TABLE "challenge_proofs" (
	"acs_trans_id" uuid NOT NULL,
	"method" text NOT NULL,
	"state" text NOT NULL,
	"destination" text,
	"code_tag" "bytea",
	"code_key_id" integer,
	"earlier_codes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"begun_at" timestamp (3) with time zone NOT NULL,
	"proved_at" timestamp (3) with time zone,
	CONSTRAINT "challenge_proofs_acs_trans_id_method_pk" PRIMARY KEY("acs_trans_id","method")
);
--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "selected" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "out_of_band" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "challenge_proofs" ADD CONSTRAINT "challenge_proofs_acs_trans_id_challenges_acs_trans_id_fk" FOREIGN KEY ("acs_trans_id") REFERENCES "public"."challenges"("acs_trans_id") ON DELETE cascade ON UPDATE no action;