ALTER TABLE "challenge_proofs" ADD COLUMN "request" text;--> statement-breakpoint
ALTER TABLE "challenge_proofs" ADD COLUMN "nonce" "bytea";--> statement-breakpoint
ALTER TABLE "challenge_proofs" ADD COLUMN "evidence" jsonb;